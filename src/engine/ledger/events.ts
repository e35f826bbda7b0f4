import type { Database } from 'better-sqlite3';
import type { EngineEvent } from '../../shared/contract/events.ts';

/** Events kept for each download; older ones are dropped so that the ledger does not grow with trouble. */
export const EVENTS_KEPT = 500;

/** The `events` table: what happened to a download, for the inspector and for diagnostics. */
export function eventsTable(database: Database) {
  const insert = database.prepare('INSERT INTO events (download_id, time, body) VALUES (?, ?, ?)');
  const prune = database.prepare(
    `DELETE FROM events WHERE download_id = @id AND id <=
       (SELECT id FROM events WHERE download_id = @id ORDER BY id DESC LIMIT 1 OFFSET @kept)`,
  );
  const select = database.prepare<[string], { body: string }>(
    'SELECT body FROM events WHERE download_id = ? ORDER BY id',
  );
  const clear = database.prepare('DELETE FROM events WHERE download_id = ?');
  return {
    add(event: EngineEvent): void {
      insert.run(event.download, Date.parse(event.time), JSON.stringify(event));
      prune.run({ id: event.download, kept: EVENTS_KEPT });
    },
    list: (downloadId: string): EngineEvent[] =>
      select.all(downloadId).map((row) => JSON.parse(row.body) as EngineEvent),
    clear: (downloadId: string): void => void clear.run(downloadId),
  };
}
