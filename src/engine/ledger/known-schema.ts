import Sqlite, { type Database } from 'better-sqlite3';
import { migrate } from './migrate.ts';
import { damaged } from './open-database.ts';

/**
 * Longest text of each column, in bytes, that is read. What this program writes stays far below; a text of 300 MB would
 * be parsed on the event loop.
 */
const LONGEST: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  downloads: {
    repo: 1000,
    revision: 4000,
    endpoint: 4000,
    cache_dir: 8192,
    reason: 65_536,
    error: 65_536,
    options: 2 << 20,
  },
  files: { path: 8192, hash: 200 },
  blobs: { folder: 8192, hash: 200 },
  chunks: { received: 1 << 20, blocks: 1 << 20 },
  piece_proofs: { identity: 1000, method: 100, bad: 1 << 20 },
  public_commits: { repo: 1000, commit_hash: 200 },
  checks: { path: 8192, identity: 1000, hash: 200 },
  builds: { root: 8192, options: 1 << 20, plan: 16 << 20, outputs: 16 << 20, reason: 65_536, error: 65_536 },
  events: { body: 8 << 20 },
  settings: { value: 65_536 },
  hosts: { host: 4000 },
};

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

/**
 * Throws `LedgerCorrupt` when the tables are not exactly those of this version: a view in the place of a table, a
 * trigger or a computed column would run somebody else's statements at each access.
 */
export function requireKnownSchema(database: Database): void {
  const fresh = new Sqlite(':memory:');
  try {
    migrate(fresh);
    if (schemaOf(database) !== schemaOf(fresh))
      throw damaged(new Error('its tables are not those of its version'));
  } finally {
    fresh.close();
  }
}

/**
 * Throws `LedgerCorrupt` when a text is too long to be ours. Reads lengths from the row headers, not from the texts.
 */
export function requirePlausibleLengths(database: Database): void {
  for (const [table, columns] of Object.entries(LONGEST)) {
    const isTooLong = tooLong(columns, Object.keys(columns));
    if (database.prepare(`SELECT 1 FROM ${table} WHERE ${isTooLong} LIMIT 1`).get() === undefined) continue;
    throw damaged(new Error(`a text in ${table} is too long`));
  }
}

/** Returns the condition on rows that may be salvaged from a damaged table, for the columns that exist. */
export function plausibleRows(table: string, names: readonly string[]): string {
  const columns = LONGEST[table] ?? {};
  const known = names.filter((name) => Object.hasOwn(columns, name));
  return known.length === 0 ? 'TRUE' : `NOT (${tooLong(columns, known)})`;
}

/** True for a table that stores its own rows: nothing is computed when it is read. */
export function isPlainTable(database: Database, table: string): boolean {
  const row = database
    .prepare<[string], SchemaRow>('SELECT type, name, sql FROM sqlite_master WHERE name = ?')
    .get(table);
  return (
    row?.type === 'table' &&
    /^CREATE TABLE/i.test(row.sql ?? '') &&
    !/\bAS\s*\(|GENERATED/i.test(row.sql ?? '')
  );
}

function tooLong(columns: Readonly<Record<string, number>>, names: readonly string[]): string {
  return names.map((name) => `COALESCE(octet_length(${name}), 0) > ${columns[name]}`).join(' OR ');
}

function schemaOf(database: Database): string {
  const rows = database
    .prepare<[], SchemaRow>('SELECT type, name, sql FROM sqlite_master ORDER BY type, name')
    .all();
  return JSON.stringify(rows.map(({ type, name, sql }) => [type, name, sql]));
}
