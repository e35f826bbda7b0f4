import { type BlockCheck, cutAtBlocks } from '../../../../shared/model/block.ts';
import type { Unit } from './unit.ts';

const CRC_DIGITS = 8;

/**
 * What a row of a unit keeps of the bytes that were written: the CRC-32 of every block of 1 MiB that one of its ranges touches, in
 * order, in hex. It tells whether the disk gives back what was written; the SHA-256 of the file is made from the very bytes
 * that are compared with it.
 */
export function checksText(crcs: Iterable<Uint32Array>): string {
  let text = '';
  for (const range of crcs) for (const crc of range) text += crc.toString(16).padStart(CRC_DIGITS, '0');
  return text;
}

/** The checks of the bytes of a unit, with where they lie in its file, from {@link checksText}. */
export function checksOfUnit({ pieces }: Unit, text: string): BlockCheck[] {
  const ranges = pieces.flatMap(({ targets }) => targets);
  const parts = ranges.flatMap(({ start, bytes }) => cutAtBlocks({ start, end: start + bytes }));
  return parts.map((part, index) => ({
    ...part,
    crc: Number.parseInt(text.slice(index * CRC_DIGITS, (index + 1) * CRC_DIGITS), 16),
  }));
}
