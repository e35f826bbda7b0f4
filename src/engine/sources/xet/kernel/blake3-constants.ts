/** Constants of BLAKE3. Source: https://github.com/BLAKE3-team/BLAKE3-specs, sections 2.2 and 2.3. */

/** Initial value: that of SHA-256. */
export const BLAKE3_IV: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

/** Order in which each of the seven rounds takes the 16 words of a block: each round permutes the previous order. */
export const MESSAGE_ORDER: readonly (readonly number[])[] = Array.from({ length: 6 }).reduce<number[][]>(
  (orders) => [...orders, PERMUTATION.map((index) => orders.at(-1)?.[index] ?? 0)],
  [Array.from({ length: 16 }, (_, index) => index)],
);
