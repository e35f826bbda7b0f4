import { describe, expect, it } from 'vitest';
import { formatDay } from './day.ts';

describe('formatDay', () => {
  it('gives the day where the reader is', () => {
    expect(formatDay(new Date(2025, 2, 4, 0, 5).toISOString())).toBe('2025-03-04');
    expect(formatDay(new Date(2025, 11, 31, 23, 55).toISOString())).toBe('2025-12-31');
  });

  it('returns nothing for an invalid time', () => {
    expect(formatDay('yesterday')).toBe('');
  });
});
