import type { Bits, GroupSize } from '../../src/engine/jobs/quantize/arithmetic/kernel.ts';
import type { RoundingRule } from '../../src/shared/model/build.ts';

/** What one group of 32 must become. Scale and bias are BF16 patterns, words are 32-bit little-endian numbers, all in hex. */
export interface VectorCase {
  readonly name: string;
  readonly source: readonly number[];
  readonly bits: Bits;
  readonly rules: readonly RoundingRule[];
  readonly scale: string;
  readonly bias: string;
  readonly words: string;
}

const floats = new Float32Array(1);
const halves = new Uint16Array(floats.buffer);

/** The BF16 pattern of a value that BF16 holds exactly. */
export function bf16(value: number): number {
  floats[0] = value;
  return halves[1] ?? 0;
}

const repeat = (length: number, value: number) => Array.from({ length }, () => value);
const range = <T>(length: number, of: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => of(index));

/** BF16 patterns of every sign and of exponents around 2^-12, from a seed. */
export function generated(seed: number, length: number): Uint16Array<ArrayBuffer> {
  const values = new Uint16Array(length);
  let x = seed;
  for (let index = 0; index < length; index += 1) {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    values[index] = ((x >>> 16) & 0x807f) | ((112 + ((x >>> 10) & 7)) << 7);
  }
  return values;
}

const tiny = range(4, () => [0x0000, 0x8000, 0x0001, 0x8001, 0x007f, 0x807f, 0x0080, 0x8080]).flat();
tiny[9] = 0x3301;
tiny[20] = 0xb32c;
const outlier = repeat(32, 0x3c24);
outlier[5] = 0x4100;
const falling = range(32, (i) => bf16(-(i + 1) / 32));
const rising = range(32, (i) => bf16((i + 1) / 32));
const ties = [-8, 7, ...range(15, (k) => k - 7.5), ...range(15, (k) => k - 7)].map(bf16);
const q0tie = [1, -0.5, ...range(10, () => [0.25, -0.25, 0.125]).flat()].map(bf16);
const zeros = '0 '.repeat(8);
const BOTH = ['cpu', 'metal'] as const;

const vector = (
  name: string,
  source: readonly number[],
  bits: Bits,
  rules: readonly RoundingRule[],
  scale: string,
  bias: string,
  words: string,
): VectorCase => ({ name, source, bits, rules, scale, bias, words: words.trim() });

/**
 * Groups with their results. Lines of the rule `cpu` were made by MLX 0.32.2 itself; lines of the rule `metal` follow from
 * the source of its Metal kernel, and `tools/check-mlx.py` compares them on a Mac.
 */
export const VECTORS: readonly VectorCase[] = [
  vector('zeros', repeat(32, 0), 4, BOTH, 'b3d7', '0000', '0 0 0 0'),
  vector('zeros', repeat(32, 0), 8, BOTH, 'b3d7', '0000', zeros),
  vector('plus', repeat(32, 0x3f00), 4, BOTH, 'b3d7', '3f00', '0 0 0 0'),
  vector('plus', repeat(32, 0x3f00), 8, BOTH, 'b3d7', '3f00', zeros),
  vector('minus', repeat(32, 0xbf00), 4, ['cpu'], 'b3d7', 'bf00', '0 0 0 0'),
  vector('minus', repeat(32, 0xbf00), 8, ['cpu'], 'b3d7', 'bf00', zeros),
  vector('minus', repeat(32, 0xbf00), 4, ['metal'], '3d09', 'bf00', '0 0 0 0'),
  vector('minus', repeat(32, 0xbf00), 8, ['metal'], '3b01', 'bf00', zeros),
  vector('outlier', outlier, 4, BOTH, 'bf09', '4100', 'ff0fffff ffffffff ffffffff ffffffff'),
  vector('outlier', outlier, 8, BOTH, 'bd01', '4100', `ffffffff ffff00ff ${'ffffffff '.repeat(6)}`),
  vector('falling', falling, 4, BOTH, '3d89', 'bf80', 'bccddeef 78899aab 44556677 00112233'),
  vector(
    'falling',
    falling,
    8,
    ['cpu'],
    '3b79',
    'bf80',
    'e6eef7ff c5cdd6de a4adb5bd 848c949c 636b737b 424a525a 2129313a 00081019',
  ),
  vector(
    'falling',
    falling,
    8,
    ['metal'],
    '3b81',
    'bf80',
    'dfe7eff7 bfc7cfd7 9fa7afb7 7f878f97 60687078 40485058 20283038 00081018',
  ),
  vector('rising', rising, 4, BOTH, 'bd89', '3f80', 'bccddeef 78899aab 44556677 00112233'),
  vector(
    'rising',
    rising,
    8,
    BOTH,
    'bb79',
    '3f80',
    'e6eef7ff c5cdd6de a4adb5bd 848c949c 636b737b 424a525a 2129313a 00081019',
  ),
  vector('ties', ties, 4, ['cpu'], '3f80', 'c100', '644220f0 eccaa886 7654321e fedcba98'),
  vector('ties', ties, 4, ['metal'], '3f80', 'c100', '654321f0 edcba987 7654321f fedcba98'),
  vector(
    'ties',
    ties,
    8,
    ['cpu'],
    '3d71',
    'c100',
    '1a08ff00 5e4c3c2a a290806e e6d4c4b2 332211f6 77665544 bbaa9988 ffeeddcc',
  ),
  vector(
    'ties',
    ties,
    8,
    ['metal'],
    '3d71',
    'c100',
    '1a09ff00 5e4d3c2b a291806f e6d5c4b3 332211f7 77665544 bbaa9988 ffeeddcc',
  ),
  vector('q0tie', q0tie, 4, ['cpu'], 'bdcd', '3f80', '9c89c8f0 c89c89c8 89c89c89 9c89c89c'),
  vector('q0tie', q0tie, 4, ['metal'], 'bdcd', '3f80', '9d89d8f0 d89d89d8 89d89d89 9d89d89d'),
  vector(
    'q0tie',
    q0tie,
    8,
    ['cpu'],
    'bbc1',
    '3f80',
    'd480ff00 95d48095 8095d480 d48095d4 95d48095 8095d480 d48095d4 95d48095',
  ),
  vector(
    'q0tie',
    q0tie,
    8,
    ['metal'],
    'bbc1',
    '3f80',
    'd580ff00 95d58095 8095d580 d58095d5 95d58095 8095d580 d58095d5 95d58095',
  ),
  vector('tiny', tiny, 4, BOTH, '33d7', '0000', '0 0 0 0'),
  vector('tiny', tiny, 8, BOTH, '33d7', '0000', zeros),
  vector('mixed', [...generated(7, 32)], 4, BOTH, 'ba27', '3bd1', 'aaa2aab2 bab9aaa8 c899ba4a a095f9ad'),
  vector(
    'mixed',
    [...generated(7, 32)],
    8,
    BOTH,
    'b81e',
    '3bd1',
    'aeaabf28 a8a6aa27 afaaaf8a b6aabc98 baa63cad d18d9f9f ff9fa5e2 a500915c',
  ),
  vector(
    'mixed64',
    [...generated(11, 64)],
    4,
    BOTH,
    'ba33',
    '3bf6',
    'bbcbbbba bf6badaa bcb0acb0 bbb9bbb9 ab1bbaaf eaabdcbb 3d4adbbb bbbbbbb9',
  ),
  vector(
    'mixed64',
    [...generated(11, 64)],
    8,
    BOTH,
    'b828',
    '3bf6',
    'b9b5b9a2 bcb6c4bc a9dbaaae bcff63ba aacab700 b9d0bc00 babeb796 c1bebca1 ' +
      'bcb2adf7 b2be11b3 d9c4bdb6 e7b1adbc d7bababf 3be149ac bfb9bd9e b9b9bcba',
  ),
];

/** SHA-256 of codes, scales and biases of {@link generated}(7, 262144), one after the other. */
export const DIGESTS: ReadonlyArray<readonly [Bits, GroupSize, RoundingRule, string]> = [
  [4, 32, 'cpu', 'f6401ab7d0fddf7edb9191dfb16186bb2b8958f23295aeb86488a4bcdbe94b8b'],
  [4, 32, 'metal', '545b683fb62e24473c99acb6d0b9a8abd6e8ba200a540750fc304c98c10a23ad'],
  [4, 64, 'cpu', 'e4c7be35dd747c5a1cc5bce137ab3d886443ff7f7ed7819da376511875eb8b17'],
  [4, 64, 'metal', 'd7e2c4f91b17318aa3449bd630820063e0e9e1c5d913a2dbad20c38b5958b9ed'],
  [8, 32, 'cpu', 'a0bdc06ea252b8669971f6da870be57c3cd468287004a50506e9426cfb29f85f'],
  [8, 32, 'metal', 'ae1fbfe57a9b3c43dd705077b926c9d65d85448898a46c60955e154697b35eb7'],
  [8, 64, 'cpu', '011f9e769b2936eee4caaa7252cf54c18e338f17612076b6d06e2f66b8c2ee00'],
  [8, 64, 'metal', '58df83060cb0464258d704f071d40d9f431df32ee4e358ab25c409e875d9f328'],
];

/** SHA-256 of the little-endian bytes of {@link generated}(7, 262144). */
export const GENERATED_DIGEST = '186012b3fd211b4906585e97d6c5a8439dfedf9d1ecf40f3fdc93e09c54c8ebc';
