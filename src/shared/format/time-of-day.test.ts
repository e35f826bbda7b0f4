import { describe, expect, it } from 'vitest';
import { formatMinuteOfDay, parseMinuteOfDay } from './time-of-day.ts';

describe('a time of day', () => {
  it.each([
    [0, '00:00'],
    [61, '01:01'],
    [1439, '23:59'],
  ])('of minute %i is %s, and back', (minute, text) => {
    expect(formatMinuteOfDay(minute)).toBe(text);
    expect(parseMinuteOfDay(text)).toBe(minute);
  });

  it.each(['24:00', '7', '12:60', '', 'noon', '-1:00'])('is not “%s”', (text) => {
    expect(parseMinuteOfDay(text)).toBeNull();
  });
});
