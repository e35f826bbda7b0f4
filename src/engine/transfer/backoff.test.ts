import { describe, expect, it } from 'vitest';
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS, backoffMs } from './backoff.ts';

const LONGEST = () => 1;

describe('the backoff', () => {
  it.each([
    [0, 1000],
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [9, 256_000],
    [10, 300_000],
    [5000, 300_000],
  ])('waits at most after %i failures: %i ms', (failures, ms) => {
    expect(backoffMs(failures, LONGEST)).toBe(ms);
  });

  it('can be as short as zero, so that clients spread out', () => {
    expect(backoffMs(8, () => 0)).toBe(0);
    expect(backoffMs(8, () => 0.5)).toBe(64_000);
  });

  it('respects a lower cap', () => {
    expect(backoffMs(8, LONGEST, BACKOFF_BASE_MS)).toBe(BACKOFF_BASE_MS);
    expect(backoffMs(3000, LONGEST)).toBe(BACKOFF_CAP_MS);
  });
});
