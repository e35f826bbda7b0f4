import { z } from 'zod';

const MINUTES_OF_DAY = 24 * 60;
const minuteOfDay = z
  .number()
  .int()
  .min(0)
  .max(MINUTES_OF_DAY - 1);

/** Hours of the day in which downloads run, by the clock of this computer: from the one to before the other, over midnight if need be. */
export const scheduleSchema = z
  .object({ fromMinute: minuteOfDay, toMinute: minuteOfDay })
  .strict()
  .refine(({ fromMinute, toMinute }) => fromMinute !== toMinute, 'two different times of day');

export type Schedule = z.infer<typeof scheduleSchema>;
