import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkRange, DEFAULT_CHUNK_BYTES, planChunks } from './chunk-plan.ts';

describe('the chunk plan', () => {
  it('cuts Moshi BF16 into 294 chunks of 50 MiB', () => {
    expect(planChunks(15_377_340_848, DEFAULT_CHUNK_BYTES).count).toBe(294);
  });

  it('gives an empty file no chunks', () => {
    expect(planChunks(0, 100).count).toBe(0);
  });

  it('makes the last chunk as short as the file needs', () => {
    expect(chunkRange(planChunks(250, 100), 2)).toEqual({ start: 200, end: 250 });
  });

  it('covers the file without gap or overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 100, max: 5000 }), (size, bytes) => {
        const plan = planChunks(size, bytes);
        let at = 0;
        for (let index = 0; index < plan.count; index += 1) {
          const { start, end } = chunkRange(plan, index);
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBe(size);
      }),
    );
  });
});
