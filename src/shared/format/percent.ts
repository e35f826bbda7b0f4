/**
 * Returns the share of a whole in full percent, rounded down: 100 only when nothing is missing. An unknown whole (0) is
 * 0 %.
 */
export function percentOf(done: number, total: number): number {
  if (!(total > 0) || !(done > 0)) return 0;
  if (done >= total) return 100;
  return Math.min(99, Math.floor((done / total) * 100));
}

/** {@link percentOf} as text: `41 %`. */
export function formatPercent(done: number, total: number): string {
  return `${percentOf(done, total)} %`;
}
