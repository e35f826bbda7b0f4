import type { Database } from 'better-sqlite3';
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from '../../shared/contract/commands.ts';
import { parseJson } from './parse-json.ts';

/** The `settings` table: one JSON value per key. A value that does not parse falls back to its default. */
export function settingsTable(database: Database) {
  const select = database.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings');
  const upsert = database.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  return {
    /** Returns every setting. */
    get(): Settings {
      const stored = new Map(select.all().map(({ key, value }) => [key, value]));
      const entries = Object.entries(settingsSchema.shape).map(([key, schema]) => {
        const parsed = schema.safeParse(parseJson(stored.get(key) ?? ''));
        return [key, parsed.success ? parsed.data : DEFAULT_SETTINGS[key as keyof Settings]];
      });
      return Object.fromEntries(entries) as Settings;
    },
    /** Stores the given settings. */
    set(changes: Partial<Settings>): void {
      for (const [key, value] of Object.entries(changes)) {
        if (value !== undefined) upsert.run(key, JSON.stringify(value));
      }
    },
  };
}
