import { describe, expect, it } from 'vitest';
import { budgetBytes } from './memory-budget.ts';

const GIB = 2 ** 30;

describe('budgetBytes', () => {
  it.each([
    ['16 GB', 16 * GIB, 12 * GIB],
    ['64 GB', 64 * GIB, 48 * GIB],
    ['16 decimal GB', 16e9, 12e9],
  ])('is three quarters of %s', (_, memory, budget) => {
    expect(budgetBytes(memory)).toBe(budget);
  });

  it('is 2 GB less on machines under 16 GB', () => {
    expect(budgetBytes(8 * GIB)).toBe(6 * GIB - 2e9);
  });

  it('is never negative', () => {
    expect(budgetBytes(2 * GIB)).toBe(0);
  });

  it('is the limit that was set by hand, up to the memory', () => {
    expect(budgetBytes(16 * GIB, { wiredLimitBytes: 14 * GIB })).toBe(14 * GIB);
    expect(budgetBytes(16 * GIB, { wiredLimitBytes: 40 * GIB })).toBe(16 * GIB);
  });

  it('is the memory of a graphics card', () => {
    expect(budgetBytes(64 * GIB, { videoMemoryBytes: 24 * GIB })).toBe(24 * GIB);
  });

  it('ignores the carve-out of an integrated GPU', () => {
    expect(budgetBytes(64 * GIB, { videoMemoryBytes: GIB / 2 })).toBe(48 * GIB);
  });
});
