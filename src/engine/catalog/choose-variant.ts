import { AppError } from '../../shared/contract/errors.ts';
import type { CatalogModel, CatalogVariant, Precision } from '../../shared/model/catalog.ts';
import type { ModelFit } from '../../shared/model/hardware.ts';

/**
 * Returns the requested variant, or with `auto` the one recommended for the machine.
 * @throws AppError BadRequest when the model has no such variant, with the ones it has
 */
export function chooseVariant(
  model: CatalogModel,
  wanted: 'auto' | Precision,
  fit: Pick<ModelFit, 'recommended'>,
): CatalogVariant {
  const id = wanted === 'auto' ? fit.recommended : wanted;
  const found = model.variants.find((variant) => variant.id === id);
  if (found !== undefined) return found;
  const ids = model.variants.map((variant) => variant.id).join(', ');
  throw new AppError('BadRequest', `${model.name} has no variant "${id}". It is available as: ${ids}.`);
}
