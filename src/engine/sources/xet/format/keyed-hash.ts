import type { PieceKernel } from '../kernel/kernel.ts';
import { loadKernel } from '../kernel/load-kernel.ts';

/** BLAKE3 with a key of 32 bytes: 32 bytes. */
export type KeyedHash = (key: Uint8Array, bytes: Uint8Array) => Uint8Array;

/** Chunk hashes of a term of 8,192 chunks are the longest input hashed outside the hash threads. */
const MOST_BYTES = 8192 * 32;

/** Returns a function that hashes short inputs (up to 256 KiB) with its own kernel. */
export function openKeyedHash(kernel: PieceKernel = loadKernel(MOST_BYTES)): KeyedHash {
  return (key, bytes) => {
    kernel.input.set(bytes);
    return kernel.hash(0, bytes.length, key);
  };
}
