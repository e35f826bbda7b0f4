/** Formats the day of an ISO time in the reader's time zone, as `2025-03-04`; an empty string for an invalid time. */
export function formatDay(isoTime: string): string {
  const time = new Date(isoTime);
  if (Number.isNaN(time.getTime())) return '';
  const [month, day] = [time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${time.getFullYear()}-${month}-${day}`;
}
