import { describe, expect, it } from 'vitest';
import { bandwidthGBps } from './chip-bandwidth.ts';

describe('bandwidthGBps', () => {
  it.each([
    ['Apple M1', 16, 68],
    ['Apple M2', 16, 100],
    ['Apple M3', 24, 100],
    ['Apple M4', 16, 120],
    ['Apple M5', 32, 153],
    ['Apple M1 Pro', 32, 200],
    ['Apple M2 Pro', 32, 200],
    ['Apple M3 Pro', 18, 150],
    ['Apple M4 Pro', 48, 273],
    ['Apple M5 Pro', 48, 307],
    ['Apple M1 Max', 32, 400],
    ['Apple M2 Max', 96, 400],
    ['Apple M3 Max', 36, 300],
    ['Apple M3 Max', 96, 300],
    ['Apple M3 Max', 48, 400],
    ['Apple M3 Max', 128, 400],
    ['Apple M4 Max', 36, 410],
    ['Apple M4 Max', 48, 546],
    ['Apple M5 Max', 36, 614],
    ['Apple M1 Ultra', 64, 800],
    ['Apple M3 Ultra', 512, 800],
    ['m3 pro', 18, 150],
    ['  apple   M3  PRO ', 18, 150],
  ])('knows %s with %d GB', (chip, gigabytes, expected) => {
    expect(bandwidthGBps(chip, gigabytes * 2 ** 30)).toBe(expected);
  });

  it.each([
    'Intel(R) Core(TM) m3-7Y32 CPU @ 1.10GHz',
    'AMD Ryzen 9 7950X 16-Core Processor',
    'VirtualApple @ 2.50GHz',
    'Apple M9',
    'Apple M4 Ultra',
    'Apple M3 Prox',
    'Apple processor',
    '',
  ])('does not guess for "%s"', (chip) => {
    expect(bandwidthGBps(chip, 16 * 2 ** 30)).toBeNull();
  });
});
