/** Bytes from `start` up to, not including, `end`, counted from the start of a file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Sorted, disjoint, non-touching, non-empty ranges. */
export type ByteRanges = readonly ByteRange[];

/** Returns the length of all ranges together. */
export function totalLength(ranges: ByteRanges): number {
  let total = 0;
  for (const range of ranges) total += range.end - range.start;
  return total;
}

/** Returns the union of `ranges` and one more range, which may overlap or touch them. */
export function addRange(ranges: ByteRanges, added: ByteRange): ByteRanges {
  if (added.end <= added.start) return ranges;
  const result: ByteRange[] = [];
  let { start, end } = added;
  let placed = false;
  for (const range of ranges) {
    if (range.end < start) {
      result.push(range);
    } else if (range.start > end) {
      if (!placed) result.push({ start, end });
      placed = true;
      result.push(range);
    } else {
      start = Math.min(start, range.start);
      end = Math.max(end, range.end);
    }
  }
  if (!placed) result.push({ start, end });
  return result;
}

/** Returns the gaps between `ranges` inside `within`. */
export function missingRanges(ranges: ByteRanges, within: ByteRange): ByteRanges {
  const result: ByteRange[] = [];
  let at = within.start;
  for (const range of ranges) {
    if (range.end <= at) continue;
    if (range.start >= within.end) break;
    if (range.start > at) result.push({ start: at, end: range.start });
    at = range.end;
  }
  if (at < within.end) result.push({ start: at, end: within.end });
  return result;
}

/** Returns the parts of `ranges` that lie inside `within`. */
export function clipRanges(ranges: ByteRanges, within: ByteRange): ByteRanges {
  const result: ByteRange[] = [];
  for (const range of ranges) {
    const start = Math.max(range.start, within.start);
    const end = Math.min(range.end, within.end);
    if (start < end) result.push({ start, end });
  }
  return result;
}
