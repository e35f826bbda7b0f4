import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRange, type ByteRanges, clipRanges, missingRanges, totalLength } from './byte-range.ts';

const range = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([start, length]) => ({ start, end: start + length }));

/** The set of byte positions, the obvious but slow way. */
const positions = (ranges: ByteRanges): Set<number> =>
  new Set(ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)));

describe('byte ranges', () => {
  it('hold exactly the bytes that were added, sorted, disjoint and not touching', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), (added) => {
        const ranges = added.reduce<ByteRanges>(addRange, []);
        expect(positions(ranges)).toEqual(positions(added));
        expect(totalLength(ranges)).toBe(positions(added).size);
        for (let i = 1; i < ranges.length; i += 1) {
          expect(ranges[i]!.start).toBeGreaterThan(ranges[i - 1]!.end);
        }
      }),
    );
  });

  it('name exactly the bytes that are missing inside a window', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), range, (added, window) => {
        const ranges = added.reduce<ByteRanges>(addRange, []);
        const held = positions(ranges);
        const expected = [...positions([window])].filter((p) => !held.has(p));
        expect([...positions(missingRanges(ranges, window))]).toEqual(expected);
      }),
    );
  });

  it('can be clipped to a window', () => {
    expect(
      clipRanges(
        [
          { start: 0, end: 4 },
          { start: 6, end: 20 },
        ],
        { start: 2, end: 10 },
      ),
    ).toEqual([
      { start: 2, end: 4 },
      { start: 6, end: 10 },
    ]);
  });
});
