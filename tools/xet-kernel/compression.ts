import { BLAKE3_IV, MESSAGE_ORDER } from '../../src/engine/sources/xet/kernel/blake3-constants.ts';

/** Domain flags. Source: BLAKE3 specification, table 3. */
export const FLAGS = { chunkStart: 1, chunkEnd: 2, parent: 4, root: 8, keyedHash: 16 } as const;

/** How the same arithmetic is written for one block, and for four at once. */
export interface Lanes {
  readonly type: 'i32' | 'v128';
  add(a: string, b: string): string;
  xor(a: string, b: string): string;
  rotateRight(a: string, bits: number): string;
  constant(value: number): string;
  /** Word of the message by its place in the block. */
  word(index: number): string;
}

/** Which four words of the state each quarter of a round mixes: columns, then diagonals. */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/** Seven rounds over `$v0`…`$v15`, from the chaining value `$h0`…`$h7` and back to it. */
export function compression(
  lanes: Lanes,
  input: { readonly counter: string; readonly blockBytes: string; readonly flags: string },
): string {
  const v = (index: number) => `(local.get $v${index})`;
  const set = (index: number, value: string) => `(local.set $v${index} ${value})`;
  const begin = [
    ...Array.from({ length: 8 }, (_, index) => set(index, `(local.get $h${index})`)),
    ...BLAKE3_IV.slice(0, 4).map((value, index) => set(8 + index, lanes.constant(value))),
    set(12, input.counter),
    set(13, lanes.constant(0)),
    set(14, input.blockBytes),
    set(15, input.flags),
  ];
  const mix = (
    a: number,
    b: number,
    c: number,
    d: number,
    bitsOfD: number,
    bitsOfB: number,
    word: string,
  ) => [
    set(a, lanes.add(lanes.add(v(a), v(b)), word)),
    set(d, lanes.xor(v(d), v(a))),
    set(d, lanes.rotateRight(v(d), bitsOfD)),
    set(c, lanes.add(v(c), v(d))),
    set(b, lanes.xor(v(b), v(c))),
    set(b, lanes.rotateRight(v(b), bitsOfB)),
  ];
  const rounds = MESSAGE_ORDER.flatMap((order) =>
    QUARTERS.flatMap(([a, b, c, d], quarter) => [
      ...mix(a, b, c, d, 16, 12, lanes.word(order[quarter * 2] ?? 0)),
      ...mix(a, b, c, d, 8, 7, lanes.word(order[quarter * 2 + 1] ?? 0)),
    ]),
  );
  const end = Array.from(
    { length: 8 },
    (_, index) => `(local.set $h${index} ${lanes.xor(v(index), v(index + 8))})`,
  );
  return [...begin, ...rounds, ...end].join('\n      ');
}
