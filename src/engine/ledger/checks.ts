import type { Database } from 'better-sqlite3';

/** Result of the last deep check of a file. */
export interface CheckRow {
  /** The file when it was hashed: size, times, inode. The result holds while these are unchanged. */
  readonly identity: string;
  /** The hash it was compared with. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly checkedAt: number;
  readonly ok: boolean;
}

interface RawCheck {
  readonly identity: string;
  readonly hash: string;
  readonly checked_at: number;
  readonly ok: number;
}

/** The `checks` table: the last deep check of each file, by its real path. */
export function checksTable(database: Database) {
  const select = database.prepare<[string], RawCheck>(
    'SELECT identity, hash, checked_at, ok FROM checks WHERE path = ?',
  );
  const upsert = database.prepare<[string, string, string, number, number]>(
    'INSERT OR REPLACE INTO checks (path, identity, hash, checked_at, ok) VALUES (?, ?, ?, ?, ?)',
  );
  const removeFolder = database.prepare<[string, string]>(
    'DELETE FROM checks WHERE substr(path, 1, length(?)) = ?',
  );
  return {
    /** Returns the last check of the file at a path; null when there was none. */
    find(path: string): CheckRow | null {
      const raw = select.get(path);
      if (!raw) return null;
      const { identity, hash, checked_at: checkedAt, ok } = raw;
      return { identity, hash, checkedAt, ok: ok === 1 };
    },
    /** Stores a result, replacing the previous one. */
    save: (path: string, { identity, hash, checkedAt, ok }: CheckRow): void =>
      void upsert.run(path, identity, hash, checkedAt, ok ? 1 : 0),
    /** Deletes the results of everything below a folder that was removed; `folder` ends without a separator. */
    removeFolder(folder: string, separator: string): void {
      removeFolder.run(folder + separator, folder + separator);
    },
  };
}
