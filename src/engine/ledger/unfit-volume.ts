import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';

/**
 * SQLite's errors for a lock that its file system does not support: `ENOLCK` becomes busy, `EPERM` becomes forbidden,
 * other numbers become a failed lock or shared memory. Source: `sqliteErrorFromPosixError` in SQLite's os_unix.c.
 */
const LOCK_FAILED: readonly string[] = [
  'SQLITE_BUSY',
  'SQLITE_PERM',
  'SQLITE_IOERR_LOCK',
  'SQLITE_IOERR_RDLOCK',
  'SQLITE_IOERR_UNLOCK',
  'SQLITE_IOERR_CHECKRESERVEDLOCK',
  'SQLITE_IOERR_SHMLOCK',
];

/** SQLite's errors for memory that cannot be mapped to a file. A full volume is `SQLITE_IOERR_SHMSIZE`. */
const NOT_SHARED: readonly string[] = ['SQLITE_IOERR_SHMMAP', 'SQLITE_IOERR_SHMOPEN'];

/**
 * Returns the error for a data folder on a volume that cannot hold a ledger, when that is why it could not be opened;
 * null for every other reason. To distinguish a volume without locks from a ledger that is really locked, a new file is
 * locked, which nobody else can know.
 */
export function unfitVolume(error: unknown, dataDir: string): AppError | null {
  const code = codeOf(error);
  if (NOT_SHARED.includes(code)) return noSharedMemory(dataDir, error);
  if (!LOCK_FAILED.includes(code) || canLock(dataDir)) return null;
  return new AppError(
    'DiskPermission',
    `${dataDir} is on a volume without file locks, as on some network volumes. Haulyard’s download record needs them. ` +
      'Nothing was downloaded. The folder must be on a disk of this computer.',
    { cause: error, details: { path: dataDir, errno: code, remedy: 'data-folder' } },
  );
}

/** Returns the error for a volume on which SQLite's log cannot be used. */
export function noSharedMemory(dataDir: string, cause?: unknown): AppError {
  return new AppError(
    'DiskPermission',
    `${dataDir} is on a volume on which programs can’t share memory, as on many network volumes. ` +
      'Nothing was downloaded. The folder must be on a disk of this computer.',
    { cause, details: { path: dataDir, remedy: 'data-folder' } },
  );
}

/** True where a file can be locked, and where no file can be created to try it with. */
function canLock(dataDir: string): boolean {
  const file = join(dataDir, `locks-${randomBytes(6).toString('hex')}`);
  let database: InstanceType<typeof Sqlite> | null = null;
  try {
    database = new Sqlite(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE; ROLLBACK');
    return true;
  } catch (error) {
    return !LOCK_FAILED.includes(codeOf(error));
  } finally {
    database?.close();
    rmSync(file, { force: true });
  }
}

const codeOf = (error: unknown): string => (error instanceof Sqlite.SqliteError ? error.code : '');
