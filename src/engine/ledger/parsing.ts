import type { Database } from 'better-sqlite3';

/** The `parsing` table: whose list of files is being parsed at this moment. */
export function parsingTable(database: Database) {
  const insert = database.prepare('INSERT OR IGNORE INTO parsing (download_id) VALUES (?)');
  const remove = database.prepare('DELETE FROM parsing WHERE download_id = ?');
  const all = database.prepare<[], string>('SELECT download_id FROM parsing').pluck();
  return {
    begin: (downloadId: string): void => void insert.run(downloadId),
    end: (downloadId: string): void => void remove.run(downloadId),
    /** Returns the ids of downloads whose parsing began and did not end. */
    list: (): string[] => all.all(),
  };
}
