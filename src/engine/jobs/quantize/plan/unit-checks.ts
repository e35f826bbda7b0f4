import type { TargetRange, Unit } from './unit.ts';

/**
 * What a row of a unit keeps of the bytes that were written: the CRC-32 of every block of 1 MiB that one of its ranges touches, in
 * order, in hex. It tells whether the disk gives back what was written; the SHA-256 of the file is made from the very bytes
 * that are compared with it.
 */
export function checksText(crcs: Iterable<Uint32Array>): string {
  let text = '';
  for (const range of crcs) for (const crc of range) text += crc.toString(16).padStart(8, '0');
  return text;
}

/** Stands for the header of a file where the index of a unit is asked for. */
export const HEADER = -1;

/** A stretch of a file to be read back, and what it belongs to. */
export interface CheckedRange extends TargetRange {
  /** Index of the unit, or {@link HEADER}. */
  readonly unit: number;
  /** Place among the ranges of the unit. */
  readonly place: number;
}

/** Everything in a file in its order: a header of `headBytes`, then the ranges of its units. */
export function rangesInOrder(units: readonly Unit[], headBytes: number): CheckedRange[] {
  const ranges: CheckedRange[] = [{ start: 0, bytes: headBytes, unit: HEADER, place: 0 }];
  for (const { index, pieces } of units) {
    for (const [place, range] of pieces.flatMap(({ targets }) => targets).entries()) {
      ranges.push({ ...range, unit: index, place });
    }
  }
  return ranges.sort((a, b) => a.start - b.start);
}
