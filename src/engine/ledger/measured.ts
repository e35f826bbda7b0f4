import type { Database } from 'better-sqlite3';
import { parseJson } from './parse-json.ts';

/** Names that no setting has. */
const PREFIX = 'measured.build.';

/** What was measured on this machine. It lies among the settings, as one JSON value a key. */
export function measuredTable(database: Database) {
  const select = database.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const upsert = database.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  return {
    /** Bytes of the source a second of the last whole build with this recipe; null before the first. */
    buildSpeed(recipe: string): number | null {
      const value = parseJson(select.get(PREFIX + recipe)?.value ?? '');
      return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : null;
    },
    setBuildSpeed(recipe: string, bytesPerSecond: number): void {
      upsert.run(PREFIX + recipe, JSON.stringify(bytesPerSecond));
    },
  };
}
