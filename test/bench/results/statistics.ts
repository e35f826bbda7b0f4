/** The middle of the values, or the mean of the two middle ones; null when there are none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const high = sorted[Math.floor(middle)];
  const low = sorted[Math.ceil(middle) - 1];
  return high === undefined || low === undefined ? null : (low + high) / 2;
}

/** The mean of the values; null when there are none. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * How many times as long as the reference something took: the median over the rounds in which both have a value. Both
 * lists are in the order of the rounds; null stands for a run that did not end well.
 */
export function pairedRatio(
  values: readonly (number | null)[],
  reference: readonly (number | null)[],
): number | null {
  const ratios = values.flatMap((value, round) => {
    const other = reference[round] ?? null;
    return value === null || other === null || other <= 0 ? [] : [value / other];
  });
  return median(ratios);
}

/** The smallest and the largest value; null when there are none. */
export function spread(values: readonly number[]): { readonly min: number; readonly max: number } | null {
  if (values.length === 0) return null;
  return { min: Math.min(...values), max: Math.max(...values) };
}

/** The values that are numbers. */
export function known(values: readonly (number | null | undefined)[]): number[] {
  return values.filter((value) => value !== null && value !== undefined);
}
