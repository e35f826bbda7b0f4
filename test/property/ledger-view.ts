import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import type { ByteRange, ByteRanges } from '../../src/shared/model/byte-range.ts';

/** A chunk whose hash the ledger has. */
export interface VerifiedChunk {
  readonly hash: string;
  readonly range: ByteRange;
}

interface Row {
  readonly hash: string;
  readonly size: number;
  readonly chunk_bytes: number;
  readonly idx: number;
}

const SELECT = `SELECT blobs.hash, blobs.size, blobs.chunk_bytes, chunks.idx FROM chunks
                JOIN blobs ON blobs.id = chunks.blob_id WHERE chunks.sha256 IS NOT NULL`;

/** Reads the chunks of a ledger next to its owner, without the engine's own code. */
export class LedgerView {
  readonly #file: string;
  #database: Database | null = null;

  constructor(dataDir: string) {
    this.#file = join(dataDir, 'ledger.db');
  }

  /** Every chunk whose hash is recorded now; none when there is no ledger. */
  verified(): readonly VerifiedChunk[] {
    if (!this.#database && !existsSync(this.#file)) return [];
    this.#database ??= new Sqlite(this.#file, { readonly: true });
    if (this.#database.pragma('user_version', { simple: true }) === 0) return [];
    return this.#database
      .prepare<[], Row>(SELECT)
      .all()
      .map(({ hash, size, chunk_bytes: chunkBytes, idx }) => {
        const start = idx * chunkBytes;
        return { hash, range: { start, end: Math.min(size, start + chunkBytes) } };
      });
  }

  /** Lets go of the file, which may be deleted or replaced then. */
  close(): void {
    this.#database?.close();
    this.#database = null;
  }
}

/** What is received of the chunks of a content that are not finished; nothing when there is no ledger. */
export function unfinishedRanges(dataDir: string, hash: string): ByteRanges {
  const file = join(dataDir, 'ledger.db');
  if (!existsSync(file)) return [];
  const database = new Sqlite(file, { readonly: true });
  try {
    if (database.pragma('user_version', { simple: true }) === 0) return [];
    return database
      .prepare<[string], { readonly received: string }>(
        `SELECT received FROM chunks JOIN blobs ON blobs.id = blob_id
         WHERE hash = ? AND sha256 IS NULL ORDER BY idx`,
      )
      .all(hash)
      .flatMap(({ received }) => JSON.parse(received) as Array<[number, number]>)
      .map(([start, end]) => ({ start, end }));
  } finally {
    database.close();
  }
}
