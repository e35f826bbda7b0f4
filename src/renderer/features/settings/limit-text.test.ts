import { describe, expect, it } from 'vitest';
import { limitOf, limitParts } from './limit-text.ts';

describe('a speed limit', () => {
  it.each([
    [2_500_000, { amount: '2.5', unit: 'MB/s' }],
    [800_000, { amount: '800', unit: 'KB/s' }],
    [1_000_000_000, { amount: '1', unit: 'GB/s' }],
  ])('of %d bytes per second is written as a person would', (bytes, parts) => {
    expect(limitParts(bytes)).toEqual(parts);
  });

  it('is read with a point or a comma', () => {
    expect(limitOf(' 2.5 ', 'MB/s')).toBe(2_500_000);
    expect(limitOf('2,5', 'MB/s')).toBe(2_500_000);
  });

  it.each(['', '0', '-1', 'fast', '1e9', '0.0'])('is not %j', (text) => {
    expect(limitOf(text, 'MB/s')).toBeNull();
  });
});
