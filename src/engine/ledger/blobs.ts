import type { Database } from 'better-sqlite3';
import type { HashAlgorithm } from '../../shared/model/download.ts';

/** A content recorded in the ledger: where it belongs and how it is divided into chunks. */
export interface BlobRow {
  readonly id: number;
  /** Repository folder in the cache. */
  readonly folder: string;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
  readonly size: number;
  readonly chunkBytes: number;
}

/** Names and describes a blob that is not in the ledger yet. */
export type NewBlob = Omit<BlobRow, 'id'>;

/** More chunks than any real file has: 1 TB in chunks of 1 MiB. A row with more is damaged. */
const MAX_CHUNKS = 1_000_000;

interface RawBlob {
  readonly id: number;
  readonly folder: string;
  readonly hash: string;
  readonly algorithm: string;
  readonly size: number;
  readonly chunk_bytes: number;
}

/** Returns null for a row that cannot be used for planning. */
function toRow(raw: RawBlob): BlobRow | null {
  const { id, folder, hash, algorithm, size, chunk_bytes: chunkBytes } = raw;
  if (algorithm !== 'sha256' && algorithm !== 'git-sha1') return null;
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(chunkBytes)) return null;
  if (size / chunkBytes > MAX_CHUNKS) return null;
  return { id, folder, hash, algorithm, size, chunkBytes };
}

/** The `blobs` table. */
export function blobsTable(database: Database) {
  const select = database.prepare<[string, string], RawBlob>(
    'SELECT * FROM blobs WHERE folder = ? AND hash = ?',
  );
  const insert = database.prepare<NewBlob>(
    `INSERT INTO blobs (folder, hash, algorithm, size, chunk_bytes)
     VALUES (@folder, @hash, @algorithm, @size, @chunkBytes)`,
  );
  const remove = database.prepare<[string, string]>('DELETE FROM blobs WHERE folder = ? AND hash = ?');
  const removeFolder = database.prepare<[string]>('DELETE FROM blobs WHERE folder = ?');

  const find = (folder: string, hash: string): BlobRow | null => {
    const raw = select.get(folder, hash);
    return raw ? toRow(raw) : null;
  };
  return {
    /** Returns the row of a blob; null when there is none, or none that can be used. */
    find,
    /**
     * Returns the row of this blob; one whose size or algorithm differs, or that is damaged, is recreated without
     * chunks.
     */
    ensure(blob: NewBlob): BlobRow {
      const row = find(blob.folder, blob.hash);
      if (row && row.size === blob.size && row.algorithm === blob.algorithm) return row;
      remove.run(blob.folder, blob.hash);
      const { lastInsertRowid } = insert.run(blob);
      return { ...blob, id: Number(lastInsertRowid) };
    },
    /** Deletes a blob and its chunks. */
    remove: (folder: string, hash: string): void => void remove.run(folder, hash),
    /** Deletes every blob of a repository. */
    removeFolder: (folder: string): void => void removeFolder.run(folder),
  };
}
