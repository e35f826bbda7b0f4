/**
 * How ties are rounded and where the search of a group's largest value begins: as the kernels of MLX for graphics processors do
 * it (`metal`), or as the one for processors does (`cpu`). Any MLX loads either.
 */
export const ROUNDING_RULES = ['metal', 'cpu'] as const;
export type RoundingRule = (typeof ROUNDING_RULES)[number];
