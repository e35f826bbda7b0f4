import type { ByteRange, ByteRanges } from '../../../shared/model/byte-range.ts';

/** Chunks are adjacent, so the received ranges of neighbors may touch. */
export function joined(ranges: ByteRanges): ByteRanges {
  const result: ByteRange[] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last?.end === range.start) result[result.length - 1] = { start: last.start, end: range.end };
    else result.push(range);
  }
  return result;
}

/** Index of the first term that ends after `offset`. */
export function firstBehind(terms: ReadonlyArray<ByteRange>, offset: number): number {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((terms[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
