/** Speed limits that the menu offers, in bytes per second. */
export const LIMIT_CHOICES: ReadonlyArray<number | null> = [null, 1_000_000, 5_000_000, 10_000_000];

/**
 * Returns the limit as a separate item when it is none of the choices: it was set in the window or by the command line.
 */
export function otherLimit(limit: number | null): number | null {
  return LIMIT_CHOICES.includes(limit) ? null : limit;
}
