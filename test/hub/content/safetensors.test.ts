import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safetensorsHeader } from './safetensors.ts';

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const BYTES: Record<string, number> = { BF16: 2, U8: 1 };

/** Checks a header by the rules of the format and returns its tensors. */
function checked(size: number): [string, Entry][] {
  const head = safetensorsHeader(size);
  expect(Number(head.readBigUInt64LE(0))).toBe(head.length - 8);
  expect(head.length % 8).toBe(0);
  const { __metadata__: _metadata, ...tensors } = JSON.parse(head.subarray(8).toString());
  let offset = 0;
  for (const { dtype, shape, data_offsets } of Object.values(tensors) as Entry[]) {
    expect(data_offsets[0]).toBe(offset);
    offset += shape.reduce((product, n) => product * n, BYTES[dtype]!);
    expect(data_offsets[1]).toBe(offset);
  }
  expect(head.length + offset).toBe(size);
  return Object.entries(tensors) as [string, Entry][];
}

describe('safetensors header', () => {
  it('covers the data without gap to the last byte, for any size from 200 bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 2_000_000 }), (size) => void checked(size)),
      { numRuns: 40 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 2_000_000, max: 40_000_000_000 }), (size) => void checked(size)),
      { numRuns: 15 },
    );
  });

  it('names many BF16 layers in a file of the size of Parakeet', () => {
    const tensors = checked(2_508_288_736);
    expect(tensors.length).toBeGreaterThan(100);
    expect(tensors[2]![0]).toBe('encoder.layers.0.self_attn.linear_q.weight');
    expect(tensors[2]![1].dtype).toBe('BF16');
  });

  it('refuses a size that cannot hold a header', () => {
    expect(() => safetensorsHeader(50)).toThrow(/200 bytes or more/);
  });
});
