import type { Database } from 'better-sqlite3';

/** The `hosts` table: how many streams paid off last time, by host. */
export function hostsTable(database: Database) {
  const select = database.prepare<[string], { streams: number }>('SELECT streams FROM hosts WHERE host = ?');
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO hosts (host, streams, updated_at) VALUES (?, ?, ?)',
  );
  return {
    /** Streams on which `auto` settled before, or null. */
    streams: (host: string): number | null => select.get(host)?.streams ?? null,
    /** Keeps what paid off. `atMs` counts from the epoch. */
    remember: (host: string, streams: number, atMs: number): void => void upsert.run(host, streams, atMs),
  };
}
