import type { CutRule } from './limits.ts';

/** Bytes of a BLAKE3 key and of every hash of Xet. */
export const HASH_BYTES = 32;

/**
 * Divides contents into chunks and hashes pieces. Not shared between threads; each call ends before the next begins.
 */
export interface PieceKernel {
  /** Buffer for the bytes to divide and to hash. The kernel was created with its length. */
  readonly input: Uint8Array;
  /** Returns the length of the chunk that begins at `start` of the input, in bytes; the data ends at `end`. */
  cut(start: number, end: number, rule: CutRule): number;
  /** Returns the 32 bytes of BLAKE3 with `key` (32 bytes) of the input from `start` to `end`. */
  hash(start: number, end: number, key: Uint8Array): Uint8Array;
}
