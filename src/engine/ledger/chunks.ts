import type { Database } from 'better-sqlite3';
import type { ByteRanges } from '../../shared/model/byte-range.ts';
import { parseJson } from './parse-json.ts';

/** What is safe of one chunk. Offsets count from the beginning of the file. */
export interface ChunkRow {
  readonly index: number;
  readonly received: ByteRanges;
  /** SHA-256 of the whole chunk in hex; null while it is not complete. */
  readonly sha256: string | null;
  /** True when the bytes came over a retried, stolen or rescued range: the first to be suspected. */
  readonly suspect: boolean;
}

/** What a map of chunks needs of a row. */
export interface ChunkMark {
  readonly index: number;
  readonly hashed: boolean;
  /** True when bytes of it are here. */
  readonly begun: boolean;
}

interface RawChunk {
  readonly idx: number;
  readonly received: string;
  readonly sha256: Buffer | null;
  readonly suspect: number;
}

/** The `chunks` table. Cost of a commit does not depend on the number of rows. */
export function chunksTable(database: Database) {
  const select = database.prepare<[number], RawChunk>('SELECT * FROM chunks WHERE blob_id = ? ORDER BY idx');
  const marks = database
    .prepare<[number], [number, number]>(
      `SELECT idx, 2 * (sha256 IS NOT NULL) + (received <> '[]') FROM chunks WHERE blob_id = ? ORDER BY idx`,
    )
    .raw();
  const upsert = database.prepare<[number, number, string, Buffer | null, number]>(
    `INSERT INTO chunks (blob_id, idx, received, sha256, suspect) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (blob_id, idx) DO UPDATE
     SET received = excluded.received, sha256 = excluded.sha256, suspect = excluded.suspect`,
  );
  const clear = database.prepare<[number]>('DELETE FROM chunks WHERE blob_id = ?');
  return {
    /** Every known chunk of a blob. Rows that do not parse are left out: their bytes are fetched again. */
    list: (blobId: number): ChunkRow[] => select.all(blobId).flatMap(toRow),
    /** As {@link list}, for a map: without the cost of reading ranges. */
    marks: (blobId: number): ChunkMark[] =>
      marks.all(blobId).map(([index, bits]) => ({ index, hashed: bits >= 2, begun: bits % 2 === 1 })),
    /** Adds or replaces rows. Call inside a transaction. */
    save(blobId: number, rows: readonly ChunkRow[]): void {
      for (const row of rows) {
        const sha256 = row.sha256 === null ? null : Buffer.from(row.sha256, 'hex');
        upsert.run(blobId, row.index, encode(row.received), sha256, row.suspect ? 1 : 0);
      }
    },
    /** Forgets every chunk of a blob. */
    clear: (blobId: number): void => void clear.run(blobId),
  };
}

const encode = (ranges: ByteRanges): string => JSON.stringify(ranges.map(({ start, end }) => [start, end]));

function toRow(raw: RawChunk): ChunkRow[] {
  const received = decode(raw.received);
  if (received === null) return [];
  return [
    { index: raw.idx, received, sha256: raw.sha256?.toString('hex') ?? null, suspect: raw.suspect === 1 },
  ];
}

/** Null unless the text is a list of sorted, disjoint ranges. */
function decode(text: string): ByteRanges | null {
  const parsed = parseJson(text);
  if (!Array.isArray(parsed)) return null;
  const ranges = [];
  let at = 0;
  for (const pair of parsed as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return null;
    const [start, end] = pair as unknown[];
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return null;
    if ((start as number) < at || (end as number) <= (start as number)) return null;
    ranges.push({ start: start as number, end: end as number });
    at = end as number;
  }
  return ranges;
}
