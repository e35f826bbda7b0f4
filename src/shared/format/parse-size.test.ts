import { describe, expect, it } from 'vitest';
import { parseBytes, parseRate } from './parse-size.ts';

describe('parseBytes', () => {
  it.each([
    ['50MiB', 52_428_800],
    ['5MB', 5_000_000],
    ['1.5 GB', 1_500_000_000],
    ['1048576', 1_048_576],
    [' 64 kib ', 65_536],
    ['2g', 2_000_000_000],
    ['1TiB', 1_099_511_627_776],
    ['12B', 12],
    ['0', 0],
    ['0.5KiB', 512],
  ])('reads "%s" as %d bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each([
    '',
    ' ',
    'MB',
    '-5MB',
    '5 MB MB',
    '5MBps',
    '1e9',
    '0x10',
    '5ib',
    '5i',
    '5Ki',
    '1,5GB',
    'NaN',
    'Infinity',
    '1.GB',
    '.5GB',
    '9999999TB',
    'constructor',
  ])('refuses "%s"', (text) => {
    expect(parseBytes(text)).toBeNull();
  });
});

describe('parseRate', () => {
  it.each([
    ['5MB/s', 5_000_000],
    ['5MB', 5_000_000],
    ['800 KiB / s', 819_200],
    ['1.5 MB/sec', 1_500_000],
    ['250000B/s', 250_000],
    ['5m', 5_000_000],
  ])('reads "%s" as %d bytes per second', (text, bytesPerSecond) => {
    expect(parseRate(text)).toBe(bytesPerSecond);
  });

  it.each(['0', '5', '250000', '5/s', '1.5', '0 MB/s', '5MB/min', '/s', 'fast', '5MB/s/s'])(
    'refuses "%s"',
    (text) => {
      expect(parseRate(text)).toBeNull();
    },
  );
});
