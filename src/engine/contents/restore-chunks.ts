import { clipRanges, totalLength } from '../../shared/model/byte-range.ts';
import type { ChunkRow } from '../ledger/chunks.ts';
import type { Chunk, ChunkTable } from '../transfer/chunk-table.ts';

/**
 * Believes the ledger as far as the partial reaches. Returns the chunks of which the ledger knew more than is there: the
 * file was cut or made anew in the meantime.
 */
export function restoreFromLedger(
  table: ChunkTable,
  rows: readonly ChunkRow[],
  lengthAtOpen: number,
): Chunk[] {
  const present = { start: 0, end: Math.min(lengthAtOpen, table.plan.size) };
  const corrected: Chunk[] = [];
  for (const row of rows) {
    const ranges = clipRanges(row.received, present);
    const clipped = totalLength(ranges) < totalLength(row.received);
    // A chunk that was broken off and goes on is the first to be suspected if the file turns out wrong.
    const suspect = row.suspect || row.sha256 === null;
    table.restore(row.index, ranges, { sha256: row.sha256, suspect, committed: !clipped });
    const chunk = table.chunks[row.index];
    if (clipped && chunk) corrected.push(chunk);
  }
  return corrected;
}

/**
 * Takes over a partial that the ledger knows nothing of. Holes of a sparse file read as zeros and weights are no zeros, so
 * what is not zero was written. Returns the chunks that got something; all of it is unverified.
 */
export function restoreUnknown(table: ChunkTable, parts: ReadonlyArray<readonly [number, number]>): Chunk[] {
  const ranges = parts.map(([start, end]) => ({ start, end }));
  const restored: Chunk[] = [];
  for (const chunk of table.chunks) {
    const inside = clipRanges(ranges, chunk.range);
    if (inside.length === 0) continue;
    table.restore(chunk.index, inside, { suspect: true, committed: false });
    restored.push(chunk);
  }
  return restored;
}
