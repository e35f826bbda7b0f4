/** Bytes after its output that an unpacker may overwrite. */
export const UNPACK_SLACK_BYTES = 64;

/**
 * Unpacks stored chunks within one memory: all numbers are offsets in it. Not shared between threads; each call ends
 * before the next begins.
 */
export interface Unpacker {
  readonly memory: Uint8Array<ArrayBuffer>;
  /**
   * Decodes the LZ4 block from `read` to `end` to `write`. Matches reach back as far as `begin`, and nothing is written
   * after `limit` except up to {@link UNPACK_SLACK_BYTES}. Returns the end of the output, or -1 for a malformed block.
   */
  unpack(read: number, end: number, write: number, begin: number, limit: number): number;
  /** Undoes the byte grouping of `length` bytes at `read`, which do not overlap those at `write`. */
  ungroup(read: number, length: number, write: number): void;
}

/**
 * Returns where the four groups of `length` bytes begin: each has a quarter, and the first ones one more byte of the
 * remainder.
 */
export function groupsOf(length: number): readonly [number, number, number, number] {
  const quarter = length >> 2;
  const rest = length & 3;
  const second = quarter + (rest > 0 ? 1 : 0);
  const third = second + quarter + (rest > 1 ? 1 : 0);
  return [0, second, third, third + quarter + (rest > 2 ? 1 : 0)];
}
