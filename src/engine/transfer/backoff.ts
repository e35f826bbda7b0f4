/** First step and cap of the wait between attempts at a host, in milliseconds. */
export const BACKOFF_BASE_MS = 1000;
export const BACKOFF_CAP_MS = 300_000;

/**
 * Exponential backoff with full jitter: evenly random between 0 and `base * 2^(failures - 1)`, capped. Spreads
 * clients better than any fixed or partly random wait.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(failures: number, random: () => number, capMs = BACKOFF_CAP_MS): number {
  const ceiling = Math.min(capMs, BACKOFF_BASE_MS * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(random() * ceiling);
}
