import { existsSync, renameSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';

/** Files that belong to one SQLite database in WAL mode. */
const SUFFIXES = ['', '-wal', '-shm'] as const;

/** What is carried over from a damaged ledger, parents before children. The lock and the event log are not. */
const SALVAGED_TABLES = ['settings', 'hosts', 'downloads', 'files', 'blobs', 'chunks'] as const;

/** Renames a damaged ledger so that nothing of it is lost. Returns the new path of the database file. */
export function setAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
  const aside = `${file}.damaged-${stamp}`;
  for (const suffix of SUFFIXES) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return aside;
}

/**
 * Copies every row that can still be read into a fresh ledger; returns how many. Rows are only hints: chunk hashes
 * are compared with the disk, and files with the Hub's hash, before anything is trusted.
 */
export function salvage(damagedFile: string, target: Database): number {
  let source: Database;
  try {
    source = new Sqlite(damagedFile, { readonly: true });
  } catch {
    return 0;
  }
  try {
    return SALVAGED_TABLES.reduce((rows, table) => rows + salvageTable(source, target, table), 0);
  } finally {
    source.close();
  }
}

function salvageTable(source: Database, target: Database, table: string): number {
  let rows = 0;
  try {
    for (const row of source.prepare(`SELECT * FROM ${table}`).iterate()) {
      rows += insertRow(target, table, row as Record<string, unknown>);
    }
  } catch {
    // The rest of this table cannot be read; what was read stays.
  }
  return rows;
}

function insertRow(target: Database, table: string, row: Record<string, unknown>): number {
  const names = Object.keys(row);
  const sql = `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map((n) => `@${n}`).join(', ')})`;
  try {
    return target.prepare(sql).run(row).changes;
  } catch {
    return 0; // A value that the constraints refuse.
  }
}
