import type { Bits, GroupSize } from '../arithmetic/kernel.ts';

/** How the matrices of a model are made smaller. */
export type Recipe =
  | { readonly id: string; readonly kind: 'affine'; readonly bits: Bits; readonly groupSize: GroupSize }
  | { readonly id: string; readonly kind: 'cast' };

/** Incremented whenever the bytes of a recipe's results may change. */
export const RECIPE_VERSION = 1;

const affine = (bits: Bits, groupSize: GroupSize): Recipe => ({
  id: `mlx-affine-${bits}-${groupSize}`,
  kind: 'affine',
  bits,
  groupSize,
});

/** All recipes, by the ids that a catalog names. */
const RECIPES: readonly Recipe[] = [
  affine(4, 32),
  affine(4, 64),
  affine(8, 32),
  affine(8, 64),
  { id: 'bf16-from-f32', kind: 'cast' },
];

/** The recipe of an id; undefined when there is none. */
export const findRecipe = (id: string): Recipe | undefined => RECIPES.find((recipe) => recipe.id === id);
