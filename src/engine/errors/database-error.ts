import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { FailureFacts } from './error-chain.ts';

/** Primary result codes (sqlite.org/rescode.html); extended ones begin with the same words. First match wins. */
const MEANINGS: ReadonlyArray<readonly [prefix: string, code: ErrorCode, sentence: string]> = [
  [
    'SQLITE_CORRUPT',
    'LedgerCorrupt',
    'The ledger (the record of downloads) is damaged. Downloaded files are not touched.',
  ],
  [
    'SQLITE_NOTADB',
    'LedgerCorrupt',
    'The ledger (the record of downloads) is not a database. Downloaded files are not touched.',
  ],
  ['SQLITE_BUSY', 'LedgerBusy', 'Another program is using the ledger (the record of downloads).'],
  ['SQLITE_LOCKED', 'LedgerBusy', 'Another program is using the ledger (the record of downloads).'],
  // SQLite could not make room for the file that readers and the writer share.
  [
    'SQLITE_IOERR_SHMSIZE',
    'DiskFull',
    'The disk that holds the ledger is full. Nothing is deleted; free some space and it goes on.',
  ],
  [
    'SQLITE_FULL',
    'DiskFull',
    'The disk that holds the ledger is full. Nothing is deleted; free some space and it goes on.',
  ],
  [
    'SQLITE_CONSTRAINT',
    'Internal',
    'Haulyard’s download record refused a change that contradicts it. What was downloaded is kept.',
  ],
  [
    'SQLITE_READONLY',
    'DiskPermission',
    'The ledger (the record of downloads) cannot be written. Check the permissions of its folder.',
  ],
  [
    'SQLITE_CANTOPEN',
    'DiskPermission',
    'The ledger (the record of downloads) cannot be opened. Check the permissions of its folder.',
  ],
  [
    'SQLITE_PERM',
    'DiskPermission',
    'The ledger (the record of downloads) cannot be opened. Check the permissions of its folder.',
  ],
  [
    'SQLITE_IOERR',
    'DiskMissing',
    'The disk that holds the ledger does not answer. Downloaded files are not touched.',
  ],
];

/** The error for a failure of SQLite, null when `facts` are about something else. */
export function databaseError(facts: FailureFacts): AppError | null {
  const found = MEANINGS.find(([prefix]) => facts.code.startsWith(prefix));
  if (found === undefined) return null;
  return new AppError(found[1], found[2], { cause: facts.error, details: { errno: facts.code } });
}
