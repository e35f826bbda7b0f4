import { AppError } from '../../shared/contract/errors.ts';
import type { CatalogModel, CatalogVariant, Precision } from '../../shared/model/catalog.ts';
import type { ModelFit } from '../../shared/model/hardware.ts';

/**
 * The variant to take: the one asked for, or with `auto` the one that was recommended for the machine.
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
  throw new AppError('BadRequest', `${model.name} has no variant "${id}". It comes as: ${ids}.`);
}

/**
 * Which variants of a model are served by what is on disk: variant → the variant on disk that serves it. A variant
 * serves itself; BF16 also serves the smaller ones where runtimes quantize while loading.
 */
export function satisfies(
  model: CatalogModel,
  presentVariants: readonly Precision[],
): ReadonlyMap<Precision, Precision> {
  const served = new Map<Precision, Precision>();
  const throughBf16 = model.quantizesAtLoad && presentVariants.includes('bf16');
  for (const { id } of model.variants) {
    if (presentVariants.includes(id)) served.set(id, id);
    else if (throughBf16) served.set(id, 'bf16');
  }
  return served;
}
