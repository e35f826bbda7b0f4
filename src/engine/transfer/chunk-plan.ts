import type { ByteRange } from '../../shared/model/byte-range.ts';

/** Unit of hashing and of the ledger: 50 MiB, 294 of them for Moshi BF16. */
export const DEFAULT_CHUNK_BYTES = 52_428_800;

/** How a file is divided into chunks. Every chunk except the last has `chunkBytes`. */
export interface ChunkPlan {
  readonly size: number;
  readonly chunkBytes: number;
  /** Number of chunks; 0 for an empty file. */
  readonly count: number;
}

/** Divides a file of `size` bytes into chunks. */
export function planChunks(size: number, chunkBytes: number): ChunkPlan {
  return { size, chunkBytes, count: Math.ceil(size / chunkBytes) };
}

/** Returns the byte range of chunk `index` in the file. */
export function chunkRange(plan: ChunkPlan, index: number): ByteRange {
  const start = index * plan.chunkBytes;
  return { start, end: Math.min(start + plan.chunkBytes, plan.size) };
}
