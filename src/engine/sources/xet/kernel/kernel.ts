import type { CutRule } from './limits.ts';

/** Bytes of a BLAKE3 key and of every hash of Xet. */
export const HASH_BYTES = 32;

/** What cuts contents and hashes pieces. Not shared between threads; each call ends before the next begins. */
export interface PieceKernel {
  /** Bytes to cut and to hash are put here. Its length is what the kernel was made for. */
  readonly input: Uint8Array;
  /** Length of the chunk that begins at `start` of the input, in bytes; the data ends at `end`. */
  cut(start: number, end: number, rule: CutRule): number;
  /** BLAKE3 with `key` (32 bytes) of the input from `start` to `end`: 32 bytes. */
  hash(start: number, end: number, key: Uint8Array): Uint8Array;
}
