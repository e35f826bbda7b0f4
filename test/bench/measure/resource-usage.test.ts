import { expect, it } from 'vitest';
import { parseUsage } from './resource-usage.ts';

it('adds user and system time and turns KiB into bytes', () => {
  expect(parseUsage('1.50 0.25 2048\n')).toEqual({ cpuSeconds: 1.75, peakBytes: 2_097_152 });
});

it('finds the numbers behind the line about a failed command', () => {
  expect(parseUsage('Command exited with non-zero status 1\n0.10 0.00 10\n')?.peakBytes).toBe(10_240);
});

it('gives nothing for anything else', () => {
  expect(parseUsage('')).toBeNull();
  expect(parseUsage('time: cannot run x')).toBeNull();
});
