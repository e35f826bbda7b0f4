import type { ByteRange } from './byte-range.ts';

/** Unit of the checks at rest: 1 MiB, counted from the beginning of a file. What a flipped bit on the disk costs. */
export const BLOCK_BYTES = 1024 * 1024;

/** CRC-32 (as zlib's) of bytes that lie in one block. */
export interface BlockCheck extends ByteRange {
  readonly crc: number;
}

/** A range, cut at the borders of blocks. */
export function cutAtBlocks({ start, end }: ByteRange): ByteRange[] {
  const parts: ByteRange[] = [];
  for (let at = start; at < end; ) {
    const next = Math.min(end, blockEnd(at));
    parts.push({ start: at, end: next });
    at = next;
  }
  return parts;
}

/** Where the block ends in which `offset` lies. */
export function blockEnd(offset: number): number {
  return (Math.floor(offset / BLOCK_BYTES) + 1) * BLOCK_BYTES;
}

/** True when both lie in one block. */
export function inOneBlock(a: ByteRange, b: ByteRange): boolean {
  return Math.floor(a.start / BLOCK_BYTES) === Math.floor(b.start / BLOCK_BYTES);
}

/** The checks of a range, of whose blocks these are the CRCs in order. */
export function checksOf(range: ByteRange, crcs: ArrayLike<number>): BlockCheck[] {
  return cutAtBlocks(range).map((part, index) => ({ ...part, crc: crcs[index] ?? 0 }));
}
