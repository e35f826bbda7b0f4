import { describe, expect, it } from 'vitest';
import { closedUntil } from './running-hours.ts';

const at = (day: number, hour: number, minute = 0) => new Date(2026, 0, day, hour, minute).getTime();
const NIGHT = { fromMinute: 22 * 60, toMinute: 7 * 60 };
const NOON = { fromMinute: 12 * 60, toMinute: 13 * 60 + 30 };

describe('the hours in which downloads run', () => {
  it.each([
    ['without hours', null, at(5, 12), null],
    ['in the night', NIGHT, at(5, 23), null],
    ['after midnight', NIGHT, at(5, 6, 59), null],
    ['in the morning', NIGHT, at(5, 7), at(5, 22)],
    ['before noon', NOON, at(5, 11, 59), at(5, 12)],
    ['at noon', NOON, at(5, 12), null],
    ['in the last minute', NOON, at(5, 13, 29), null],
    ['after noon', NOON, at(31, 13, 30), new Date(2026, 1, 1, 12).getTime()],
  ])('%s', (_when, schedule, now, opens) => {
    expect(closedUntil(schedule, now)).toBe(opens);
  });
});
