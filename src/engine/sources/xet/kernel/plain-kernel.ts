import { keyedBlake3 } from './blake3.ts';
import { GEAR_TABLE } from './gear-table.ts';
import type { PieceKernel } from './kernel.ts';
import { type CutRule, MAX_CHUNK_BYTES, SKIPPED_BYTES, smallestCut } from './limits.ts';

const LOW = Uint32Array.from(GEAR_TABLE, (word) => Number(word & 0xffff_ffffn));
const HIGH = Uint32Array.from(GEAR_TABLE, (word) => Number(word >> 32n));

/**
 * The kernel in plain TypeScript, for systems without WebAssembly and as a reference in the tests of the other one.
 * About a tenth as fast.
 */
export function plainKernel(inputBytes: number): PieceKernel {
  const input = new Uint8Array(inputBytes);
  return {
    input,
    cut: (start, end, rule) => chunkLength(input, start, end, rule),
    hash: (start, end, key) => keyedBlake3(key, input.subarray(start, end)),
  };
}

/** Returns the length of the chunk at `start`: the gear hash as two halves of 32 bits. */
function chunkLength(bytes: Uint8Array, start: number, end: number, rule: CutRule): number {
  const limit = Math.min(end, start + MAX_CHUNK_BYTES);
  const smallest = smallestCut(rule);
  let low = 0;
  let high = 0;
  for (let at = start + SKIPPED_BYTES; at < limit; at += 1) {
    const byte = bytes[at] ?? 0;
    const sum = ((low << 1) >>> 0) + (LOW[byte] ?? 0);
    high = ((high << 1) | (low >>> 31)) + (HIGH[byte] ?? 0) + (sum > 0xffff_ffff ? 1 : 0);
    low = sum >>> 0;
    if (high >>> 16 === 0 && at + 1 - start >= smallest) return at + 1 - start;
  }
  return limit - start;
}
