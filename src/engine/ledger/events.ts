import type { Database } from 'better-sqlite3';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { parseJson } from './parse-json.ts';

/** Events kept for each download; older ones are dropped so that trouble does not make the ledger grow. */
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
  const latest = database.prepare<[string, number], { body: string }>(
    'SELECT body FROM events WHERE download_id = ? ORDER BY id DESC LIMIT ?',
  );
  const parsed = (rows: ReadonlyArray<{ body: string }>, downloadId: string): EngineEvent[] =>
    rows.flatMap(({ body }) => {
      const event = parseJson(body);
      return isEvent(event, downloadId) ? [event] : [];
    });
  const clear = database.prepare('DELETE FROM events WHERE download_id = ?');
  return {
    /** Stores an event, and drops those beyond {@link EVENTS_KEPT} of its download. */
    add(event: EngineEvent): void {
      insert.run(event.download, Date.parse(event.time), JSON.stringify(event));
      prune.run({ id: event.download, kept: EVENTS_KEPT });
    },
    /** Returns the events of a download, oldest first. Rows that do not parse are left out. */
    list: (downloadId: string): EngineEvent[] => parsed(select.all(downloadId), downloadId),
    /** Returns the last `count` of them, oldest first. */
    latest: (downloadId: string, count: number): EngineEvent[] =>
      parsed(latest.all(downloadId, count).reverse(), downloadId),
    /** Deletes the events of a download. */
    clear: (downloadId: string): void => void clear.run(downloadId),
  };
}

/** Written by this program; only damage can make it something else, so checking its head is enough. */
function isEvent(value: unknown, downloadId: string): value is EngineEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { event, download } = value as Partial<EngineEvent>;
  return typeof event === 'string' && download === downloadId;
}
