import type { Database } from 'better-sqlite3';
import type { AddDownload } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { DownloadState } from '../../shared/model/download.ts';
import type { DownloadCounters, DownloadRow } from './download-row.ts';
import { type RawDownload, readDownload } from './read-download.ts';

export type { DownloadCounters, DownloadRow } from './download-row.ts';

/** What must be known to add a download. */
export type NewDownload = Pick<
  DownloadRow,
  'id' | 'repo' | 'revision' | 'model' | 'variant' | 'endpoint' | 'cacheDir' | 'options' | 'createdAt'
>;

/** Counters of a download that was just added. */
export const NO_COUNTERS: DownloadCounters = {
  activeMs: 0,
  downloadedBytes: 0,
  rescuedBytes: 0,
  wastedBytes: 0,
  retries: 0,
  afterLastByteMs: 0,
};

/** The `downloads` table. */
export function downloadsTable(database: Database) {
  const all = database.prepare<[], RawDownload>('SELECT * FROM downloads ORDER BY position, created_at');
  const one = database.prepare<[string], RawDownload>('SELECT * FROM downloads WHERE id = ?');
  const insert = database.prepare(
    `INSERT INTO downloads
       (id, position, repo, revision, model, variant, endpoint, cache_dir, state, options, created_at, updated_at)
     VALUES
       (@id, (SELECT COALESCE(MAX(position) + 1, 0) FROM downloads), @repo, @revision, @model, @variant, @endpoint,
        @cacheDir, 'queued', @options, @createdAt, @createdAt)`,
  );
  const setState = database.prepare(
    'UPDATE downloads SET state = ?, reason = ?, error = ?, updated_at = ? WHERE id = ?',
  );
  const setCommit = database.prepare('UPDATE downloads SET commit_hash = ? WHERE id = ?');
  const setOptions = database.prepare('UPDATE downloads SET options = ? WHERE id = ?');
  const setPosition = database.prepare('UPDATE downloads SET position = ? WHERE id = ?');
  const setCounters = database.prepare(
    `UPDATE downloads SET active_ms = @activeMs, downloaded_bytes = @downloadedBytes, rescued_bytes = @rescuedBytes,
       wasted_bytes = @wastedBytes, retries = @retries, after_last_byte_ms = @afterLastByteMs WHERE id = @id`,
  );
  const remove = database.prepare('DELETE FROM downloads WHERE id = ?');

  const list = (): DownloadRow[] => all.all().flatMap((raw) => readDownload(raw) ?? []);
  return {
    /** Returns every download, in queue order. Rows that name no repository or folder are left out. */
    list,
    /** Returns one download; null when there is none, or when its row cannot be read. */
    get: (id: string): DownloadRow | null => {
      const raw = one.get(id);
      return raw ? readDownload(raw) : null;
    },
    /** Adds a download at the end of the queue, in the state `queued`. */
    add: (download: NewDownload): void =>
      void insert.run({ ...download, options: JSON.stringify(download.options) }),
    /** Stores a change of state. `atMs` counts from the epoch. */
    setState(
      id: string,
      state: DownloadState,
      reason: string | null,
      error: ErrorData | null,
      atMs: number,
    ): void {
      setState.run(state, reason, error === null ? null : JSON.stringify(error), atMs, id);
    },
    /** Pins the commit. */
    setCommit: (id: string, commit: string): void => void setCommit.run(commit, id),
    /** Stores the options that apply from now on. */
    setOptions: (id: string, options: AddDownload): void => void setOptions.run(JSON.stringify(options), id),
    /** Stores what it has cost so far. */
    setCounters: (id: string, counters: DownloadCounters): void => void setCounters.run({ ...counters, id }),
    /** Moves a download to `position` (0 is first) and renumbers the others. */
    move(id: string, position: number): void {
      const ids = all
        .all()
        .map((raw) => raw.id)
        .filter((other) => other !== id);
      ids.splice(position, 0, id);
      for (const [index, each] of ids.entries()) setPosition.run(index, each);
    },
    /** Deletes a download and its files from the ledger; what is on disk stays. */
    remove: (id: string): void => void remove.run(id),
  };
}
