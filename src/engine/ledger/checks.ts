import type { Database } from 'better-sqlite3';

/** How the last deep check of a content ended. */
export interface CheckRow {
  /** Milliseconds since the epoch. */
  readonly checkedAt: number;
  readonly ok: boolean;
}

/** The `checks` table: the last deep check of each content, by repository folder and hash. */
export function checksTable(database: Database) {
  const select = database.prepare<[string, string], { checked_at: number; ok: number }>(
    'SELECT checked_at, ok FROM checks WHERE folder = ? AND hash = ?',
  );
  const upsert = database.prepare<[string, string, number, number]>(
    'INSERT OR REPLACE INTO checks (folder, hash, checked_at, ok) VALUES (?, ?, ?, ?)',
  );
  const removeFolder = database.prepare<[string]>('DELETE FROM checks WHERE folder = ?');
  return {
    /** The last check of a content; null when there was none. */
    find(folder: string, hash: string): CheckRow | null {
      const raw = select.get(folder, hash);
      return raw ? { checkedAt: raw.checked_at, ok: raw.ok === 1 } : null;
    },
    /** Keeps a result in place of the one before. `atMs` counts from the epoch. */
    save: (folder: string, hash: string, atMs: number, ok: boolean): void =>
      void upsert.run(folder, hash, atMs, ok ? 1 : 0),
    /** Forgets the results of a repository that was removed. */
    removeFolder: (folder: string): void => void removeFolder.run(folder),
  };
}
