import { describe, expect, it } from 'vitest';
import { formatPercent, percentOf } from './percent.ts';

describe('percentOf', () => {
  it.each([
    [0, 100, 0],
    [41.9, 100, 41],
    [999_999_999_999, 1_000_000_000_000, 99],
    [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, 99],
    [100, 100, 100],
    [101, 100, 100],
    [0, 0, 0],
    [5, 0, 0],
    [-5, 10, 0],
    [Number.NaN, 10, 0],
  ])('counts %d of %d as %d percent', (done, total, percent) => {
    expect(percentOf(done, total)).toBe(percent);
  });
});

describe('formatPercent', () => {
  it('puts a space before the sign', () => {
    expect(formatPercent(6.3, 15.4)).toBe('40 %');
  });
});
