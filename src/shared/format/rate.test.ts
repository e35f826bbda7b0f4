import { describe, expect, it } from 'vitest';
import { formatRate } from './rate.ts';

describe('formatRate', () => {
  it.each([
    [4_200_000, '4.2 MB/s'],
    [0, '0 bytes/s'],
    [49_600, '50 KB/s'],
    [1_200_000_000, '1.2 GB/s'],
  ])('shows %d bytes per second as "%s"', (bytesPerSecond, text) => {
    expect(formatRate(bytesPerSecond)).toBe(text);
  });
});
