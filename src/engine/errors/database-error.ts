import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { FailureFacts } from './error-chain.ts';

/** Primary result codes (sqlite.org/rescode.html); extended ones begin with the same words. The first match wins. */
const MEANINGS: ReadonlyArray<readonly [prefix: string, code: ErrorCode, sentence: string]> = [
  ['SQLITE_CORRUPT', 'LedgerCorrupt', 'Haulyard’s download record is damaged. Downloaded files are safe.'],
  [
    'SQLITE_NOTADB',
    'LedgerCorrupt',
    'Haulyard’s download record isn’t a database. Downloaded files are safe.',
  ],
  ['SQLITE_BUSY', 'LedgerBusy', 'Another program is using Haulyard’s download record.'],
  ['SQLITE_LOCKED', 'LedgerBusy', 'Another program is using Haulyard’s download record.'],
  // SQLite could not allocate space for the file shared by readers and the writer.
  [
    'SQLITE_IOERR_SHMSIZE',
    'DiskFull',
    'The disk with Haulyard’s download record is full. Free up space, and downloads resume.',
  ],
  [
    'SQLITE_FULL',
    'DiskFull',
    'The disk with Haulyard’s download record is full. Free up space, and downloads resume.',
  ],
  [
    'SQLITE_CONSTRAINT',
    'Internal',
    'Haulyard’s download record refused a change that contradicts it. Downloaded files are safe.',
  ],
  [
    'SQLITE_READONLY',
    'DiskPermission',
    'Haulyard’s download record can’t be written. Check the permissions of its folder.',
  ],
  [
    'SQLITE_CANTOPEN',
    'DiskPermission',
    'Haulyard’s download record can’t be opened. Check the permissions of its folder.',
  ],
  [
    'SQLITE_PERM',
    'DiskPermission',
    'Haulyard’s download record can’t be opened. Check the permissions of its folder.',
  ],
  [
    'SQLITE_IOERR',
    'DiskMissing',
    'The disk with Haulyard’s download record doesn’t answer. Downloaded files are safe.',
  ],
];

/** Returns the error for an SQLite failure; null when `facts` are about something else. */
export function databaseError(facts: FailureFacts): AppError | null {
  const found = MEANINGS.find(([prefix]) => facts.code.startsWith(prefix));
  if (found === undefined) return null;
  return new AppError(found[1], found[2], { cause: facts.error, details: { errno: facts.code } });
}
