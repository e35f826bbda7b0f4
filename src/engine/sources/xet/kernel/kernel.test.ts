import { randomBytes } from 'node:crypto';
import { blake3 } from '@noble/hashes/blake3.js';
import { describe, expect, it } from 'vitest';
import type { PieceKernel } from './kernel.ts';
import { CUT_RULES, type CutRule } from './limits.ts';
import { plainKernel } from './plain-kernel.ts';
import { wasmKernel } from './wasm-kernel.ts';

const ROOM = 1_000_000;
const KERNELS: Array<[string, PieceKernel]> = [
  ['WebAssembly', wasmKernel(ROOM)],
  ['TypeScript', plainKernel(ROOM)],
];

/** Around blocks, chunks, groups of four, and levels with an odd node. */
const LENGTHS = [
  ...[0, 1, 63, 64, 65, 1023, 1024, 1025, 2048, 2049, 3072, 3073, 4096, 4097, 5120, 5121, 7168, 7169],
  ...[8192, 9216, 31_744, 65_536, 65_537, 100_001, 131_072, 262_144],
];

function lengthsOf(kernel: PieceKernel, bytes: Uint8Array, rule: CutRule): number[] {
  kernel.input.set(bytes);
  const lengths: number[] = [];
  for (let at = 0; at < bytes.length; at += lengths.at(-1) ?? 0)
    lengths.push(kernel.cut(at, bytes.length, rule));
  return lengths;
}

describe.each(KERNELS)('the kernel in %s', (_, kernel) => {
  it.each(LENGTHS)('hashes %d bytes as BLAKE3 does, wherever they lie', (length) => {
    const bytes = randomBytes(length);
    const key = randomBytes(32);
    kernel.input.fill(0xa5);
    for (const start of [0, 7]) {
      kernel.input.set(bytes, start);
      expect(Buffer.from(kernel.hash(start, start + length, key))).toEqual(
        Buffer.from(blake3(bytes, { key })),
      );
    }
  });

  it('cuts in the middle of its input as at the start', () => {
    const bytes = randomBytes(400_000);
    const first = lengthsOf(kernel, bytes, 'modern');
    kernel.input.set(bytes, 12_345);
    expect(kernel.cut(12_345, 12_345 + bytes.length, 'modern')).toBe(first[0]);
  });

  it.each([1, 8126, 8127, 8128, 8129, 8191, 8192, 8193])('cuts nothing off %d zeros', (length) => {
    for (const rule of CUT_RULES) expect(lengthsOf(kernel, new Uint8Array(length), rule)).toEqual([length]);
  });
});

it.each(CUT_RULES)('both kernels cut alike by the %s rule', (rule) => {
  for (let round = 0; round < 8; round += 1) {
    const bytes = randomBytes(ROOM - round);
    const [wasm, plain] = KERNELS.map(([, kernel]) => lengthsOf(kernel, bytes, rule));
    expect(wasm).toEqual(plain);
  }
});

it('refuses more than one hash may have', () => {
  expect(() => wasmKernel(16_000_000).hash(0, 16_000_000, new Uint8Array(32))).toThrow(RangeError);
});
