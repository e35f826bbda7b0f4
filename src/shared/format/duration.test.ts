import { describe, expect, it } from 'vitest';
import { formatDuration, formatTimeLeft } from './duration.ts';

describe('formatDuration', () => {
  it.each([
    [-3, '0 s'],
    [0.4, '0 s'],
    [12, '12 s'],
    [59.4, '59 s'],
    [59.7, '1 min'],
    [89, '1 min 29 s'],
    [100, '1 min 40 s'],
    [120, '2 min'],
    [599, '9 min 59 s'],
    [629, '10 min'],
    [2160, '36 min'],
    [3569, '59 min'],
    [3570, '1 h'],
    [3600, '1 h'],
    [3900, '1 h 5 min'],
    [86_340, '23 h 59 min'],
    [86_399, '1 d'],
    [115_200, '1 d 8 h'],
    [864_000, '10 d'],
    [Number.POSITIVE_INFINITY, '—'],
    [Number.NaN, '—'],
  ])('shows %d seconds as "%s"', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatTimeLeft', () => {
  it.each([
    [2160, '36 min left'],
    [0, '0 s left'],
    [null, '—'],
    [Number.POSITIVE_INFINITY, '—'],
  ])('shows %s as "%s"', (seconds, text) => {
    expect(formatTimeLeft(seconds)).toBe(text);
  });
});
