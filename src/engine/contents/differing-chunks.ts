import { clipRanges } from '../../shared/model/byte-range.ts';
import type { Chunk, ChunkTable } from '../transfer/chunk-table.ts';

/** The same part of a file twice: as it came just now, and as it is on disk. */
export interface TwoCopies {
  readonly bytes: Buffer;
  readonly onDisk: Buffer;
  /** Where the part begins in the file. */
  readonly position: number;
}

/** Chunks of which both copies have bytes that are not the same. What was never received is not compared. */
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
