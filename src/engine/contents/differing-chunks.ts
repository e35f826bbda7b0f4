import { type ByteRange, clipRanges } from '../../shared/model/byte-range.ts';
import type { Chunk, ChunkTable } from '../transfer/chunk-table.ts';

/** The same part of a file twice: as just received, and as on disk. */
export interface TwoCopies {
  readonly bytes: Buffer;
  readonly onDisk: Buffer;
  /** Offset of the part in the file. */
  readonly position: number;
}

/** Returns the chunks where both copies have bytes that differ. Bytes that were never received are not compared. */
export function differingChunks(table: ChunkTable, { bytes, onDisk, position }: TwoCopies): Chunk[] {
  const part = { start: position, end: position + bytes.length };
  const first = Math.floor(part.start / table.plan.chunkBytes);
  const last = Math.floor((part.end - 1) / table.plan.chunkBytes);
  return table.chunks.slice(first, last + 1).filter((chunk) =>
    clipRanges(chunk.received, part).some(({ start, end }) => {
      const [from, to] = [start - position, end - position];
      return !bytes.subarray(from, to).equals(onDisk.subarray(from, to));
    }),
  );
}

/** Enough of them to identify the source of a block. */
const MAX_DIFFERENCES = 256;

/**
 * Returns where two copies of a part differ, byte by byte; the first {@link MAX_DIFFERENCES} runs. `position` is the
 * start of the part.
 */
export function differences(one: Buffer, other: Buffer, position: number): ByteRange[] {
  const found: ByteRange[] = [];
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length && found.length < MAX_DIFFERENCES; at += 1) {
    if (one[at] === other[at]) continue;
    const start = at;
    while (at < length && one[at] !== other[at]) at += 1;
    found.push({ start: position + start, end: position + at });
  }
  return found;
}
