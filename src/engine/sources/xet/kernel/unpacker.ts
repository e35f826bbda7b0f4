/** Bytes behind whatever an unpacker writes that it may overwrite. */
export const UNPACK_SLACK_BYTES = 64;

/**
 * What unpacks stored chunks, inside of one memory: all numbers are offsets in it. Not shared between threads; each call ends
 * before the next begins.
 */
export interface Unpacker {
  readonly memory: Uint8Array<ArrayBuffer>;
  /**
   * Decodes the LZ4 block from `read` to `end` to where `write` is. Matches reach back as far as `begin`, and nothing is written
   * behind `limit` but up to {@link UNPACK_SLACK_BYTES}. Returns where the output ends, or -1 for a malformed block.
   */
  unpack(read: number, end: number, write: number, begin: number, limit: number): number;
  /** Undoes the byte grouping of `length` bytes at `read`, which lie apart from those at `write`. */
  ungroup(read: number, length: number, write: number): void;
}

/** Where the four groups of `length` bytes begin: each has a quarter, the first ones a byte of the rest as well. */
export function groupsOf(length: number): readonly [number, number, number, number] {
  const quarter = length >> 2;
  const rest = length & 3;
  const second = quarter + (rest > 0 ? 1 : 0);
  const third = second + quarter + (rest > 1 ? 1 : 0);
  return [0, second, third, third + quarter + (rest > 2 ? 1 : 0)];
}
