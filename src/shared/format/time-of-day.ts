/** A minute of the day as a clock shows it: `22:30`. */
export function formatMinuteOfDay(minute: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** The minute of the day of `22:30`; null for anything else. */
export function parseMinuteOfDay(text: string): number | null {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]);
}
