import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { isPlainTable, plausibleRows } from './known-schema.ts';
import { migrate } from './migrate.ts';
import { distrustSchema } from './open-database.ts';

/** Files that belong to one SQLite database in WAL mode. The database goes last: without its log it is only older. */
const SUFFIXES = ['-wal', '-shm', ''] as const;

/**
 * What is salvaged from a damaged ledger, parents before children, and the order in which each table is stored. The
 * lock and the event log are not salvaged.
 */
const SALVAGED_TABLES = {
  settings: ['key'],
  hosts: ['host'],
  downloads: ['rowid'],
  files: ['download_id', 'path'],
  blobs: ['id'],
  chunks: ['blob_id', 'idx'],
  piece_proofs: ['blob_id', 'start_byte'],
  checks: ['path'],
  public_commits: ['repo', 'commit_hash'],
  builds: ['rowid'],
  build_units: ['build_id', 'unit'],
} as const;
type SalvagedTable = keyof typeof SALVAGED_TABLES;

/** Result of {@link replaceDamaged}. */
export interface Replacement {
  /** Where the damaged database is now. */
  readonly aside: string;
  /** Number of salvaged rows. */
  readonly rows: number;
}

/**
 * Replaces a damaged ledger, which is set aside, with a sound one that has all readable rows. If this fails (a full
 * disk), the damaged ledger is still where it was. Throws SQLite or disk errors.
 */
export function replaceDamaged(file: string, nowMs: number): Replacement {
  const fresh = `${file}.new`;
  removeDatabase(fresh);
  try {
    const rows = fillFresh(fresh, file);
    const aside = setAside(file, nowMs);
    renameSync(fresh, file);
    return { aside, rows };
  } catch (error) {
    removeDatabase(fresh);
    throw error;
  }
}

function fillFresh(fresh: string, damagedFile: string): number {
  const target = new Sqlite(fresh);
  try {
    target.pragma('foreign_keys = ON');
    migrate(target);
    return target.transaction(() => salvage(damagedFile, target))();
  } finally {
    target.close();
  }
}

function removeDatabase(file: string): void {
  for (const suffix of [...SUFFIXES, '-journal']) rmSync(file + suffix, { force: true });
}

/** Renames a damaged ledger so that nothing of it is lost. Returns the new path of the database file. */
export function setAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
  const wanted = `${file}.damaged-${stamp}`;
  let aside = wanted;
  for (let count = 2; existsSync(aside); count += 1) aside = `${wanted}-${count}`;
  for (const suffix of SUFFIXES) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return aside;
}

/**
 * Copies every row that can still be read into a new ledger; returns how many. Rows are only hints: chunk hashes are
 * compared with the disk, and files with the Hub's hash, before anything is trusted.
 */
export function salvage(damagedFile: string, target: Database): number {
  // SQLite takes the log of an empty database for a leftover and deletes it.
  if (statSync(damagedFile).size === 0) return 0;
  let source: Database;
  try {
    source = new Sqlite(damagedFile, { readonly: true, fileMustExist: true });
    distrustSchema(source);
  } catch {
    return 0;
  }
  try {
    const tables = Object.keys(SALVAGED_TABLES) as SalvagedTable[];
    const rows = tables.reduce((sum, table) => sum + salvageTable(source, target, table), 0);
    // A content without chunks would mean that nothing of its partial was ever durable; without a row it is examined.
    target.exec('DELETE FROM blobs WHERE id NOT IN (SELECT blob_id FROM chunks)');
    return rows;
  } finally {
    source.close();
  }
}

/** From the first row to the first damaged page, then from the last row back to it: only what lies between is lost. */
function salvageTable(source: Database, target: Database, table: SalvagedTable): number {
  const order = SALVAGED_TABLES[table];
  const forward = salvageRows(source, target, table, order.join(', '));
  if (forward.complete) return forward.rows;
  const backward = order.map((name) => `${name} DESC`).join(', ');
  return forward.rows + salvageRows(source, target, table, backward).rows;
}

function salvageRows(source: Database, target: Database, table: SalvagedTable, order: string) {
  let rows = 0;
  let insertion: unknown = null;
  try {
    if (!isPlainTable(source, table)) return { rows, complete: true };
    const names = commonColumns(source, target, table);
    const insert = target.prepare<Record<string, unknown>>(
      `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map((n) => `@${n}`).join(', ')})`,
    );
    const select = source.prepare<[], Record<string, unknown>>(
      `SELECT ${names.join(', ')} FROM ${table} WHERE ${plausibleRows(table, names)} ORDER BY ${order}`,
    );
    for (const row of select.iterate()) {
      try {
        rows += insert.run(row).changes;
      } catch (error) {
        if (isRefusedRow(error)) continue;
        insertion = error;
        throw error;
      }
    }
    return { rows, complete: true };
  } catch (error) {
    if (insertion !== null) throw error;
    return { rows, complete: false }; // The rest cannot be read from this side; what was read stays.
  }
}

/** Names come from the new ledger: those in a damaged one must not be put into a statement. */
function commonColumns(source: Database, target: Database, table: SalvagedTable): readonly string[] {
  const columns = (database: Database) =>
    (database.pragma(`table_info(${table})`) as ReadonlyArray<{ readonly name: string }>).map(
      ({ name }) => name,
    );
  const known = new Set(columns(source));
  return columns(target).filter((name) => known.has(name));
}

/**
 * A value of the wrong type, or one that a constraint rejects, costs its row; anything else is an error of our own
 * disk.
 */
function isRefusedRow(error: unknown): boolean {
  if (!(error instanceof Sqlite.SqliteError)) return true;
  return error.code.startsWith('SQLITE_CONSTRAINT') || error.code === 'SQLITE_MISMATCH';
}
