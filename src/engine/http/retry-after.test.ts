import { describe, expect, it } from 'vitest';
import type { Headers } from './header.ts';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-10-01T12:00:00Z');

describe('retryAfterMs', () => {
  it.each<[string, Headers, number | undefined]>([
    ['nothing when no header asks', {}, undefined],
    ['seconds', { 'retry-after': '7' }, 7000],
    ['fractions of a second, rounded up', { 'retry-after': '0.0005' }, 1],
    ['zero', { 'retry-after': '0' }, 0],
    ['an HTTP date', { 'retry-after': 'Thu, 01 Oct 2026 12:00:30 GMT' }, 30_000],
    ['0 for a date in the past', { 'retry-after': 'Thu, 01 Oct 2026 11:00:00 GMT' }, 0],
    [
      'the time between both dates when the clock of the server is ahead',
      { 'retry-after': 'Thu, 01 Oct 2026 12:30:20 GMT', date: 'Thu, 01 Oct 2026 12:30:00 GMT' },
      20_000,
    ],
    [
      'the time between both dates when the clock of the server is behind',
      { 'retry-after': 'Thu, 01 Oct 2026 09:00:20 GMT', date: 'Thu, 01 Oct 2026 09:00:00 GMT' },
      20_000,
    ],
    [
      'a date as it is when that of the answer is nonsense',
      { 'retry-after': 'Thu, 01 Oct 2026 12:00:30 GMT', date: 'yesterday' },
      30_000,
    ],
    [
      'seconds whatever the date of the answer',
      { 'retry-after': '7', date: 'Thu, 01 Oct 2020 12:00:00 GMT' },
      7000,
    ],
    ['nothing for nonsense', { 'retry-after': 'soon 5' }, undefined],
    ['nothing for a negative number', { 'retry-after': '-5' }, undefined],
    ['an hour at most', { 'retry-after': '999999' }, 3_600_000],
    ['the window when nothing remains', { ratelimit: '"api";r=0;t=295' }, 295_000],
    ['nothing while requests remain', { ratelimit: '"api";r=499;t=295' }, undefined],
    [
      'the longest exhausted window',
      { ratelimit: '"api";r=0;t=5, "resolvers";r=0;t=9, "pages";r=3;t=99' },
      9000,
    ],
    ['repeated headers', { ratelimit: ['"api";r=0;t=5', '"resolvers";r=0;t=9'] }, 9000],
    ['parameters in any order and spacing', { ratelimit: '"api"; t=12; r=0' }, 12_000],
    ['the longer of both headers', { 'retry-after': '3', ratelimit: '"api";r=0;t=8' }, 8000],
  ])('gives %s', (_what, headers, expected) => {
    expect(retryAfterMs(headers, NOW)).toBe(expected);
  });
});
