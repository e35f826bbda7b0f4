const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/**
 * Up to this time seconds are shown next to minutes: a remaining time that does not change for a minute looks stuck.
 */
const SECONDS_UP_TO = 10 * MINUTE;

/** `1 h 5 min` from its two parts; the smaller part is left out when it is 0. */
function twoParts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/**
 * Formats a length of time for people, in the two coarsest units that matter: `12 s`, `1 min 40 s`, `36 min`, `1 h 5
 * min`, `2 d 3 h`. Rounded, and carried over to the next unit where rounding reaches it (59.7 s is `1 min`). Negative
 * is `0 s`.
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '—';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < SECONDS_UP_TO) return twoParts(Math.floor(whole / MINUTE), 'min', whole % MINUTE, 's');
  const minutes = Math.round(whole / MINUTE) * MINUTE;
  if (minutes < HOUR) return `${minutes / MINUTE} min`;
  if (minutes < DAY) return twoParts(Math.floor(minutes / HOUR), 'h', (minutes % HOUR) / MINUTE, 'min');
  const hours = Math.round(whole / HOUR) * HOUR;
  return twoParts(Math.floor(hours / DAY), 'd', (hours % DAY) / HOUR, 'h');
}

/** Formats the remaining time for people: `36 min left`; `—` while it is unknown or the download is stalled (null). */
export function formatTimeLeft(seconds: number | null): string {
  return seconds === null || !Number.isFinite(seconds) ? '—' : `${formatDuration(seconds)} left`;
}
