import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';
import { LEDGER_VERSION, migrate, requireKnownVersion, userVersion } from './migrate.ts';
import { noSharedMemory } from './unfit-volume.ts';

/** How long SQLite waits for another connection's lock before it gives up. It waits on the event loop. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Header offsets that mark a database as being in WAL mode, and the value for any other mode
 * (sqlite.org/fileformat.html).
 */
const WAL_FLAG_OFFSETS = [18, 19] as const;
const NOT_WAL = 1;

/**
 * Opens the ledger for writing, without changing anything in it yet. WAL keeps readers and the writer apart.
 * `synchronous=NORMAL` leaves the sync of a commit to the ledger, which does it off the event loop. Throws
 * `LedgerCorrupt` for a file that is not a database, `BadRequest` for a newer program's, otherwise SQLite's error.
 */
export function openForWriting(file: string): Database {
  if (isImpossible(file)) throw damaged(new Error('not a file, or its first page is missing'));
  const database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    requireKnownVersion(database);
    if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
      throw noSharedMemory(dirname(file));
    distrustSchema(database);
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens the ledger without permission to write. One that does not exist yet reads as an empty one. In a folder that
 * cannot be written, or on a full disk, it is read as it was when its last owner ended: SQLite cannot follow a log
 * there. Throws `LedgerCorrupt`, or `BadRequest` for a newer program's ledger.
 */
export function openForReading(file: string): Database {
  if (exists(dirname(file)) && !statSync(dirname(file)).isDirectory()) throw notAFolder(dirname(file));
  if (!exists(file)) return emptyLedger();
  try {
    return openKnown(() => new Sqlite(file, { readonly: true, timeout: BUSY_TIMEOUT_MS }));
  } catch (error) {
    if (isDamage(error)) throw damaged(error);
    if (!isUnopenable(error)) throw error;
  }
  return openKnown(() => new Sqlite(contentOf(file)));
}

/** Functions in a schema that somebody else wrote are disabled (https://www.sqlite.org/security.html). */
export function distrustSchema(database: Database): void {
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
}

function openKnown(open: () => Database): Database {
  const database = open();
  try {
    distrustSchema(database);
    requireKnownVersion(database);
    const version = userVersion(database);
    if (version === LEDGER_VERSION) return database;
    if (version > 0) return migratedCopy(database);
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return emptyLedger();
}

/**
 * Returns the current data of an older program's ledger, in this version's tables. The file itself is left to its
 * owner.
 */
function migratedCopy(database: Database): Database {
  const copy = new Sqlite(withoutLog(database.serialize()));
  database.close();
  try {
    migrate(copy);
    return copy;
  } catch (error) {
    copy.close();
    throw error;
  }
}

/**
 * Returns the database file as it is, with the flag reset that would make SQLite look for a log. Must not be called
 * while this process has the file open: closing it would end SQLite's locks on it (POSIX locks belong to the process).
 */
function contentOf(file: string): Buffer {
  return withoutLog(readFileSync(file));
}

function withoutLog(content: Buffer): Buffer {
  for (const offset of WAL_FLAG_OFFSETS) if (offset < content.length) content[offset] = NOT_WAL;
  return content;
}

function emptyLedger(): Database {
  const database = new Sqlite(':memory:');
  migrate(database);
  return database;
}

/**
 * True for errors that mean that the file is not a sound ledger: SQLite finds it damaged, or (`SQLITE_ERROR`, while it
 * is opened with statements known to be correct) its tables do not match its version.
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'LedgerCorrupt';
  const code = sqliteCode(error);
  return ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT', 'SQLITE_ERROR'].some(
    (known) => code === known || code.startsWith(`${known}_`),
  );
}

/** Throws `LedgerCorrupt` when SQLite's own check finds a problem. Takes 4 ms for 20,000 chunks. */
export function checkIntegrity(database: Database): void {
  const result = database.pragma('integrity_check(1)', { simple: true });
  if (result !== 'ok') throw damaged(new Error(String(result)));
}

/** A folder in the file's place; or a log whose database is empty: SQLite would delete the log. */
function isImpossible(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  return !stat.isFile() || (stat.size === 0 && (log?.size ?? 0) > 0);
}

/** Returns the error for a data folder that is not a folder. */
export function notAFolder(path: string): AppError {
  return new AppError('DiskPermission', `${path} isn’t a folder.`, { details: { remedy: 'data-folder' } });
}

const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;

const sqliteCode = (error: unknown): string => (error instanceof Sqlite.SqliteError ? error.code : '');

/** No permission to create the file shared with the owner, or no space for it: then there is no owner. */
const isUnopenable = (error: unknown): boolean =>
  ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_IOERR_SHM', 'SQLITE_FULL'].some((code) =>
    sqliteCode(error).startsWith(code),
  );

/** Returns the error for a ledger that is not sound; `cause` has the details. */
export function damaged(cause: unknown): AppError {
  return new AppError(
    'LedgerCorrupt',
    'Haulyard’s download record is damaged. Downloaded files are safe. The next download sets the record aside and keeps what can be read of it.',
    { cause },
  );
}
