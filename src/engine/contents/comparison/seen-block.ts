import type { ByteRange } from '../../../shared/model/byte-range.ts';
import type { Copy } from './copies-file.ts';

/** A block with at least two different copies. */
export interface SeenBlock extends ByteRange {
  /** CRC-32 of the copy in the partial. */
  readonly oldCrc: number;
  /** CRC-32 of each copy fetched since, oldest first. */
  readonly seen: readonly number[];
  /** Copies that differ from the one in the partial, each once, oldest first. */
  readonly copies: readonly Copy[];
}

/** Returns the latest copy among those that differ from the one in the partial. */
export function newest({ copies }: SeenBlock): Copy | null {
  return copies.at(-1) ?? null;
}

/** Returns the CRC-32 of the copy that was received twice; null when all differ. */
export function agreed({ oldCrc, seen }: SeenBlock): number | null {
  const all = [oldCrc, ...seen];
  return all.find((crc, index) => all.indexOf(crc) !== index) ?? null;
}

/** Returns the copy that was received twice, else the newest; null for the one in the partial. */
export function likeliest(block: SeenBlock): Copy | null {
  const crc = agreed(block);
  return crc === null ? newest(block) : (block.copies.find((copy) => copy.crc === crc) ?? null);
}
