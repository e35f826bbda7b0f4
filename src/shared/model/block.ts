import type { ByteRange } from './byte-range.ts';

/** Unit of the checks at rest: 1 MiB, counted from the start of a file. The cost of a flipped bit on disk. */
export const BLOCK_BYTES = 1024 * 1024;

/** CRC-32 (as zlib's) of bytes within one block. */
export interface BlockCheck extends ByteRange {
  readonly crc: number;
}

/** Splits a range at block boundaries. */
export function cutAtBlocks({ start, end }: ByteRange): ByteRange[] {
  const parts: ByteRange[] = [];
  for (let at = start; at < end; ) {
    const next = Math.min(end, blockEnd(at));
    parts.push({ start: at, end: next });
    at = next;
  }
  return parts;
}

/** Returns the end of the block that contains `offset`. */
export function blockEnd(offset: number): number {
  return (Math.floor(offset / BLOCK_BYTES) + 1) * BLOCK_BYTES;
}

/** True when both are in one block. */
export function inOneBlock(a: ByteRange, b: ByteRange): boolean {
  return Math.floor(a.start / BLOCK_BYTES) === Math.floor(b.start / BLOCK_BYTES);
}

/** Returns the checks of a range, given the CRCs of its blocks in order. */
export function checksOf(range: ByteRange, crcs: ArrayLike<number>): BlockCheck[] {
  return cutAtBlocks(range).map((part, index) => ({ ...part, crc: crcs[index] ?? 0 }));
}
