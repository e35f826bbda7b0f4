import { clipRanges, totalLength } from '../../shared/model/byte-range.ts';
import type { ChunkRow } from '../ledger/chunks.ts';
import type { Chunk, ChunkTable } from '../transfer/chunk-table.ts';

/**
 * Trusts the ledger as far as the partial reaches. Returns the chunks of which the ledger recorded more than is there:
 * the file was truncated or recreated in the meantime.
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
    // A chunk that was interrupted and resumed is the first to be suspected if the file turns out wrong.
    const suspect = row.suspect || row.sha256 === null;
    table.restore(row.index, ranges, { sha256: row.sha256, suspect, committed: !clipped });
    const chunk = table.chunks[row.index];
    if (clipped && chunk) corrected.push(chunk);
  }
  return corrected;
}

/**
 * Adopts a partial that is not in the ledger. Holes of a sparse file read as zeros and weights are not zeros, so what
 * is not zero was written. Returns the chunks that got bytes; all of it is unverified.
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
