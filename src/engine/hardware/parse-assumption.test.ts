import { describe, expect, it } from 'vitest';
import { parseAssumption } from './parse-assumption.ts';

const GIB = 2 ** 30;

describe('parseAssumption', () => {
  it('describes the machine as it would describe itself', () => {
    expect(parseAssumption('Apple M3 Pro,18GB')).toEqual({
      chip: 'Apple M3 Pro',
      memoryBytes: 18 * GIB,
      budgetBytes: 13.5 * GIB,
      bandwidthGBps: 150,
      assumed: true,
      translated: false,
    });
  });

  it.each([
    ['apple m3 pro, 18gb', 'apple m3 pro', 18 * GIB],
    ['  Apple M1 ,8 GiB ', 'Apple M1', 8 * GIB],
    ['Apple  M2   Max,96G', 'Apple M2 Max', 96 * GIB],
    ['AMD Ryzen 9 7950X,31.5 GB', 'AMD Ryzen 9 7950X', 31.5 * GIB],
  ])('reads "%s"', (text, chip, memoryBytes) => {
    expect(parseAssumption(text)).toMatchObject({ chip, memoryBytes });
  });

  it.each([
    '',
    'Apple M3 Pro',
    ',18GB',
    'Apple M3 Pro,',
    'Apple M3 Pro,18',
    'Apple M3 Pro,18MB',
    'Apple M3 Pro,0GB',
    'Apple M3 Pro,-18GB',
    'Apple,M3,18GB',
    `${'x'.repeat(500)},18GB`,
  ])('refuses "%s" with an example', (text) => {
    expect(() => parseAssumption(text)).toThrow(
      expect.objectContaining({
        code: 'BadRequest',
        message: expect.stringContaining('for instance "Apple M3 Pro,18GB"'),
      }),
    );
  });
});
