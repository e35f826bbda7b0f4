import type { Schedule } from '../../shared/model/schedule.ts';

/**
 * The moment at which downloads may run again, in milliseconds since the epoch; null while they may. Goes by the wall clock of this
 * computer, so that 22:00 is 22:00 also on the two days a year on which the clock is changed.
 */
export function closedUntil(schedule: Schedule | null, nowMs: number): number | null {
  if (schedule === null) return null;
  const { fromMinute, toMinute } = schedule;
  const now = new Date(nowMs);
  const minute = now.getHours() * 60 + now.getMinutes();
  const isOpen =
    fromMinute < toMinute
      ? minute >= fromMinute && minute < toMinute
      : minute >= fromMinute || minute < toMinute;
  if (isOpen) return null;
  const days = minute < fromMinute ? 0 : 1;
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate() + days];
  return new Date(year, month, day, Math.floor(fromMinute / 60), fromMinute % 60).getTime();
}
