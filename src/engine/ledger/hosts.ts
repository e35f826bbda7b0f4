import type { Database } from 'better-sqlite3';

/** The `hosts` table: the number of streams that paid off last time, by host. */
export function hostsTable(database: Database) {
  const select = database.prepare<[string], { streams: number }>('SELECT streams FROM hosts WHERE host = ?');
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO hosts (host, streams, updated_at) VALUES (?, ?, ?)',
  );
  return {
    /** Returns the number of streams that `auto` settled on before, or null. */
    streams: (host: string): number | null => select.get(host)?.streams ?? null,
    /** Stores the number that paid off. `atMs` counts from the epoch. */
    remember: (host: string, streams: number, atMs: number): void => void upsert.run(host, streams, atMs),
  };
}
