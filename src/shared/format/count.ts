const UNITS = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
] as const;

/** Formats a count in three digits: `987`, `4.1M`, `320K`. Rounded down, so that it never overstates. */
export function formatCount(count: number): string {
  for (const [unit, letter] of UNITS) {
    if (count < unit) continue;
    const value = count / unit;
    return `${value < 10 ? (Math.floor(value * 10) / 10).toString() : Math.floor(value)}${letter}`;
  }
  return String(Math.floor(count));
}
