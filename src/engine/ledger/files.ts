import type { Database } from 'better-sqlite3';
import type { HashAlgorithm } from '../../shared/model/download.ts';
import { checkFilePath } from '../../shared/model/file-path.ts';

/** One file of a download, as pinned when its revision was resolved. */
export interface FileRow {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
  /** True once it is verified and installed under its name. */
  readonly installed: boolean;
}

const HASHES: Readonly<Record<HashAlgorithm, RegExp>> = {
  sha256: /^[0-9a-f]{64}$/,
  'git-sha1': /^[0-9a-f]{40}$/,
};

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
    /**
     * Returns the files of a download. Empty when one of the rows cannot be trusted: a list with a hole would make a
     * download ready without that file, an empty one is requested again.
     */
    list(downloadId: string): FileRow[] {
      const rows = select.all(downloadId).map((raw) => ({ ...raw, installed: raw.installed === 1 }));
      return rows.every(isUsable) ? rows : [];
    },
    /** Replaces the file list of a download. */
    replace(downloadId: string, files: ReadonlyArray<Omit<FileRow, 'installed'>>): void {
      clear.run(downloadId);
      for (const { path, size, hash, algorithm } of files) {
        insert.run({ downloadId, path, size, hash, algorithm });
      }
    },
    /** Records that a file is, or is no longer, installed under its name. */
    setInstalled: (downloadId: string, path: string, value: boolean): void =>
      void installed.run(value ? 1 : 0, downloadId, path),
  };
}

/** Paths and hashes become file names, so a ledger is trusted no more than a server. */
function isUsable({ path, size, hash, algorithm }: FileRow): boolean {
  try {
    checkFilePath(path);
  } catch {
    return false;
  }
  const pattern: RegExp | undefined = HASHES[algorithm];
  return Number.isSafeInteger(size) && pattern?.test(hash) === true;
}
