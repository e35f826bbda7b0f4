import type { Database } from 'better-sqlite3';
import type { HashAlgorithm } from '../../shared/model/download.ts';

/** One file of a download, as pinned when its revision was resolved. */
export interface FileRow {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
  /** True once it is verified and visible under its name. */
  readonly installed: boolean;
}

interface RawFile extends Omit<FileRow, 'installed'> {
  readonly installed: number;
}

/** The `files` table. */
export function filesTable(database: Database) {
  const select = database.prepare<[string], RawFile>(
    'SELECT path, size, hash, algorithm, installed FROM files WHERE download_id = ? ORDER BY path',
  );
  const insert = database.prepare(
    `INSERT INTO files (download_id, path, size, hash, algorithm, installed)
     VALUES (@downloadId, @path, @size, @hash, @algorithm, 0)`,
  );
  const clear = database.prepare('DELETE FROM files WHERE download_id = ?');
  const installed = database.prepare('UPDATE files SET installed = ? WHERE download_id = ? AND path = ?');
  return {
    list: (downloadId: string): FileRow[] =>
      select.all(downloadId).map((raw) => ({ ...raw, installed: raw.installed === 1 })),
    /** Replaces the file list of a download. */
    replace(downloadId: string, files: ReadonlyArray<Omit<FileRow, 'installed'>>): void {
      clear.run(downloadId);
      for (const { path, size, hash, algorithm } of files) {
        insert.run({ downloadId, path, size, hash, algorithm });
      }
    },
    setInstalled: (downloadId: string, path: string, value: boolean): void =>
      void installed.run(value ? 1 : 0, downloadId, path),
  };
}
