import type { Database } from 'better-sqlite3';
import type { BlockCheck } from '../../shared/model/block.ts';
import type { ByteRanges } from '../../shared/model/byte-range.ts';
import { decodeChecks, encodeChecks } from './block-checks.ts';
import { decodeRanges, encodeRanges } from './byte-ranges.ts';

/** The durable part of one chunk. Offsets count from the start of the file. */
export interface ChunkRow {
  readonly index: number;
  readonly received: ByteRanges;
  /** SHA-256 of the whole chunk in hex; null while it is incomplete. */
  readonly sha256: string | null;
  /** True when bytes came from a retried, stolen or rescued range, which makes the chunk the first to be suspected. */
  readonly suspect: boolean;
}

/** A chunk row with the checks that show which of its blocks changed on disk. */
export interface CheckedChunkRow extends ChunkRow {
  /** CRC-32 of what was received, block by block and in order; parts that were not checked have none. */
  readonly checks: readonly BlockCheck[];
}

/** The fields of a row that a chunk map needs. */
export interface ChunkMark {
  readonly index: number;
  readonly hashed: boolean;
  /** True when bytes of it are on disk. */
  readonly begun: boolean;
}

interface RawChunk {
  readonly idx: number;
  readonly received: string;
  readonly sha256: Buffer | null;
  readonly suspect: number;
}

/** The `chunks` table. The cost of a commit does not depend on the number of rows. */
export function chunksTable(database: Database) {
  const select = database.prepare<[number], RawChunk>(
    'SELECT idx, received, sha256, suspect FROM chunks WHERE blob_id = ? ORDER BY idx',
  );
  const selectChecked = database.prepare<[number], RawChunk & { readonly blocks: Buffer | null }>(
    'SELECT idx, received, sha256, suspect, blocks FROM chunks WHERE blob_id = ? ORDER BY idx',
  );
  const marks = database
    .prepare<[number], [number, number]>(
      `SELECT idx, 2 * (sha256 IS NOT NULL) + (received <> '[]') FROM chunks WHERE blob_id = ? ORDER BY idx`,
    )
    .raw();
  const upsert = database.prepare<[number, number, string, Buffer | null, number, Buffer | null]>(
    `INSERT INTO chunks (blob_id, idx, received, sha256, suspect, blocks) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (blob_id, idx) DO UPDATE
     SET received = excluded.received, sha256 = excluded.sha256, suspect = excluded.suspect,
         blocks = excluded.blocks`,
  );
  const clear = database.prepare<[number]>('DELETE FROM chunks WHERE blob_id = ?');
  return {
    /** Returns every known chunk of a blob. Rows that do not parse are left out: their bytes are fetched again. */
    list: (blobId: number): ChunkRow[] => select.all(blobId).flatMap(toRow),
    /** Does the same as {@link list}, with the checks of blocks: many more numbers than progress displays need. */
    listChecked: (blobId: number): CheckedChunkRow[] =>
      selectChecked
        .all(blobId)
        .flatMap((raw) => toRow(raw).map((row) => ({ ...row, checks: decodeChecks(raw.blocks) }))),
    /** Does the same as {@link list} for a map, without the cost of reading ranges. */
    marks: (blobId: number): ChunkMark[] =>
      marks.all(blobId).map(([index, bits]) => ({ index, hashed: bits >= 2, begun: bits % 2 === 1 })),
    /** Adds or replaces rows. Call inside a transaction. */
    save(blobId: number, rows: readonly CheckedChunkRow[]): void {
      for (const row of rows) {
        const sha256 = row.sha256 === null ? null : Buffer.from(row.sha256, 'hex');
        const blocks = encodeChecks(row.checks);
        upsert.run(blobId, row.index, encodeRanges(row.received), sha256, row.suspect ? 1 : 0, blocks);
      }
    },
    /** Deletes every chunk of a blob. */
    clear: (blobId: number): void => void clear.run(blobId),
  };
}

function toRow(raw: RawChunk): ChunkRow[] {
  const received = decodeRanges(raw.received);
  if (received === null) return [];
  const sha256 = raw.sha256?.toString('hex') ?? null;
  return [{ index: raw.idx, received, sha256, suspect: raw.suspect === 1 }];
}
