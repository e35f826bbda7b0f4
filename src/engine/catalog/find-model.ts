import { AppError } from '../../shared/contract/errors.ts';
import type { Catalog, CatalogModel, CatalogVariant } from '../../shared/model/catalog.ts';
import { nearest } from './nearest.ts';

/** A variant and the model it belongs to. */
export interface CatalogEntry {
  readonly model: CatalogModel;
  readonly variant: CatalogVariant;
}

/**
 * Returns the model with this id.
 * @throws AppError NotFound, with the nearest ids or all of them
 */
export function findModel(catalog: Catalog, id: string): CatalogModel {
  const found = catalog.models.find((model) => model.id === id);
  if (found !== undefined) return found;
  const ids = catalog.models.map((model) => model.id);
  const near = nearest(id, ids);
  const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `The catalog has ${ids.join(', ')}.`;
  throw new AppError(
    'NotFound',
    `There is no model "${id.slice(0, 100)}" in the catalog. ${hint} A repository is written org/name.`,
  );
}

/** Returns the variant published in a Hub repository, or null. The Hub ignores case. */
export function findByRepository(catalog: Catalog, repo: string): CatalogEntry | null {
  const wanted = repo.toLowerCase();
  for (const model of catalog.models) {
    const variant = model.variants.find((each) => each.repo.toLowerCase() === wanted);
    if (variant !== undefined) return { model, variant };
  }
  return null;
}
