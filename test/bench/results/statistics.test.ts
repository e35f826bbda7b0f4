import { describe, expect, it } from 'vitest';
import { known, mean, median, pairedRatio, spread } from './statistics.ts';

describe('median', () => {
  it('is the middle of an odd number of values, in any order', () => {
    expect(median([30, 1, 2])).toBe(2);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  it('of nothing is not known', () => {
    expect(median([])).toBeNull();
  });
});

describe('mean', () => {
  it('lets a single bad value count, unlike the median', () => {
    expect(mean([20, 20, 56])).toBe(32);
  });

  it('of nothing is not known', () => {
    expect(mean([])).toBeNull();
  });
});

describe('pairedRatio', () => {
  it('compares within each round, so that a slow round changes nothing', () => {
    expect(pairedRatio([2, 20, 4], [1, 10, 2])).toBe(2);
  });

  it('leaves out rounds in which one of the two failed', () => {
    expect(pairedRatio([null, 3, 8], [1, 1, null])).toBe(3);
  });

  it('is not known when no round has both', () => {
    expect(pairedRatio([1, null], [null, 1])).toBeNull();
  });
});

describe('spread', () => {
  it('is the smallest and the largest', () => {
    expect(spread([3, 1, 2])).toEqual({ min: 1, max: 3 });
    expect(spread([])).toBeNull();
  });
});

describe('known', () => {
  it('leaves out what could not be measured', () => {
    expect(known([1, null, 0, undefined])).toEqual([1, 0]);
  });
});
