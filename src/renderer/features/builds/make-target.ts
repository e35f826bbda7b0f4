import type { CatalogModel, CatalogVariant } from '../../../shared/model/catalog.ts';
import type { VariantPresence } from '../../../shared/model/library.ts';

/**
 * Returns the variant that is worth building from `source` on this computer: the recommended one, else the smallest.
 * Undefined when none is built from it, or when it exists already.
 */
export function makeTarget(
  model: CatalogModel,
  source: CatalogVariant,
  recommended: string | undefined,
  presence: readonly VariantPresence[],
): CatalogVariant | undefined {
  const made = model.variants.filter(({ id, makeable }) => makeable?.from === source.id && id !== source.id);
  const smallest = made.toSorted((a, b) => a.bytes - b.bytes)[0];
  const target = made.find(({ id }) => id === recommended) ?? smallest;
  const there = presence.find((each) => each.model === model.id && each.variant === target?.id);
  return there?.installed || there?.made ? undefined : target;
}
