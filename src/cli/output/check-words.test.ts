import { describe, expect, it } from 'vitest';
import { formatDay } from '../../shared/format/day.ts';
import { checkWords } from './check-words.ts';

const hashed = { check: 'hashed' } as const;
const none = { check: 'none' } as const;
const recorded = (day: number) =>
  ({ check: 'recorded', checkedAt: `2026-03-0${day}T12:00:00.000Z` }) as const;
const DAY = formatDay(recorded(2).checkedAt);

describe('checkWords', () => {
  it.each([
    ['verified', [hashed, hashed]],
    [`verified on ${DAY} and unchanged since`, [recorded(3), recorded(2)]],
    [`1 verified now, 2 verified on ${DAY} and unchanged since`, [recorded(3), hashed, recorded(2)]],
    ['not checked', [none, none]],
    ['1 of 3 files not checked', [hashed, none, recorded(2)]],
  ])('says "%s"', (words, files) => {
    expect(checkWords(files)).toBe(words);
  });
});
