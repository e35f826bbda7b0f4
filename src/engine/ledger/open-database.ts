import Sqlite, { type Database } from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';
import { LEDGER_VERSION, migrate, newerLedger, userVersion } from './migrate.ts';

/** How long SQLite waits for another connection's lock before it gives up. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens the ledger for writing. WAL keeps readers and the writer apart. `synchronous=NORMAL` leaves the sync of a
 * commit to the ledger, which does it off the event loop.
 */
export function openForWriting(file: string): Database {
  const database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens the ledger without the right to write. A ledger that does not exist yet reads as an empty one. */
export function openForReading(file: string, exists: boolean): Database {
  if (!exists) return emptyLedger();
  const database = new Sqlite(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const version = userVersion(database);
    if (version > LEDGER_VERSION) throw newerLedger(version);
    if (version > 0) return database;
  } catch (error) {
    database.close();
    throw isDamage(error) ? damaged(error) : error;
  }
  database.close();
  return emptyLedger();
}

function emptyLedger(): Database {
  const database = new Sqlite(':memory:');
  migrate(database);
  return database;
}

/** True for errors that mean that the file is not a sound database. */
export function isDamage(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'LedgerCorrupt';
  const code = error instanceof Sqlite.SqliteError ? error.code : '';
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_FORMAT';
}

/** Throws `LedgerCorrupt` when SQLite's own check finds something. For use after an unclean end. */
export function checkIntegrity(database: Database): void {
  const result = database.pragma('integrity_check(1)', { simple: true });
  if (result !== 'ok') throw damaged(new Error(String(result)));
}

function damaged(cause: unknown): AppError {
  return new AppError(
    'LedgerCorrupt',
    'The ledger is damaged. Downloaded files are safe. The next download sets it aside and goes on with what can be read.',
    { cause },
  );
}
