import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['moshi', 'moshi', 0],
    ['moshy', 'moshi', 1],
    ['mosh', 'moshi', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('from "%s" to "%s" is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  it('is the same in both directions and at most the longer length', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest', () => {
  it('offers no more than the limit, nearest first', () => {
    expect(nearest('abcd', ['abcf', 'abcd', 'abce', 'zzzz'], 2)).toEqual(['abcd', 'abcf']);
  });
});
