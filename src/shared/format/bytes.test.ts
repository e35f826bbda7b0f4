import { describe, expect, it } from 'vitest';
import { formatBytes, formatBytesOf, formatMemory, formatPart, formatRest } from './bytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [999.6, '1 KB'],
    [1000, '1 KB'],
    [999_000, '999 KB'],
    [999_499, '999 KB'],
    [999_500, '1.0 MB'],
    [52_428_800, '52.4 MB'],
    [999_949_999, '999.9 MB'],
    [999_950_000, '1.0 GB'],
    [6_300_000_000, '6.3 GB'],
    [15_375_697_208, '15.4 GB'],
    [11_000_000_000, '11.0 GB'],
    [1.5e12, '1.5 TB'],
    [2e18, '2000.0 PB'],
    [-5, '0 bytes'],
    [Number.NaN, '0 bytes'],
    [Number.POSITIVE_INFINITY, '0 bytes'],
  ])('shows %d as "%s"', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatBytesOf', () => {
  it.each([
    [6_300_000_000, 15_375_697_208, '6.30 of 15.38 GB'],
    [0, 15_375_697_208, '0.00 of 15.38 GB'],
    [15_375_697_207, 15_375_697_208, '15.37 of 15.38 GB'],
    [15_375_697_208, 15_375_697_208, '15.38 of 15.38 GB'],
    [999, 244_093, '0 of 244 KB'],
    [244_092, 244_093, '244 of 244 KB'],
    [12, 512, '12 of 512 bytes'],
    [0, 0, '0 of 0 bytes'],
    [-1, 10, '0 of 10 bytes'],
  ])('shows %d of %d as "%s"', (part, whole, text) => {
    expect(formatBytesOf(part, whole)).toBe(text);
  });
});

describe('formatPart', () => {
  it.each([
    [642_200_000, 2_510_000_000, '0.64 GB'],
    [2_510_000_000, 2_510_000_000, '2.51 GB'],
    [9_999_999, 2_510_000_000, '10.0 MB'],
    [512, 244_093, '512 bytes'],
    [12_345, 244_093, '12 KB'],
    [0, 15_375_697_208, '0 bytes'],
    [7, 512, '7 bytes'],
    [1, 512, '1 byte'],
    [3_000_000_000, 2_000_000_000, '3.0 GB'],
  ])('shows %d of %d as "%s"', (part, whole, text) => {
    expect(formatPart(part, whole)).toBe(text);
  });
});

describe('formatRest', () => {
  it.each([
    [6_314_000_000, 15_375_697_208, '9.07 GB'],
    [0, 15_375_697_208, '15.38 GB'],
    [15_375_697_208, 15_375_697_208, '0 bytes'],
    [15_375_000_000, 15_375_697_208, '697 KB'],
    [100, 512, '412 bytes'],
    [20, 10, '0 bytes'],
  ])('shows what is missing when there are %d of %d as "%s"', (part, whole, text) => {
    expect(formatRest(part, whole)).toBe(text);
  });
});

describe('formatMemory', () => {
  it.each([
    [18 * 2 ** 30, '18 GB'],
    [16 * 2 ** 30, '16 GB'],
    [16_625_000_000, '15.5 GB'],
    [Number.NaN, '0 GB'],
  ])('shows %d bytes of memory as "%s"', (bytes, text) => {
    expect(formatMemory(bytes)).toBe(text);
  });
});
