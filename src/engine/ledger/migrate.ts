import type { Database } from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';
import { initial } from './migrations/0001-initial.ts';
import { checks } from './migrations/0002-checks.ts';
import { parsing } from './migrations/0003-parsing.ts';
import { builds } from './migrations/0004-builds.ts';
import { checksOfFiles } from './migrations/0005-checks-of-files.ts';
import { blockChecks } from './migrations/0006-block-checks.ts';
import { publicCommits } from './migrations/0007-public-commits.ts';
import { pieceProofs } from './migrations/0008-piece-proofs.ts';

/** One entry per version, in order; entry N brings the ledger to `user_version` N + 1. Entries are never edited. */
const MIGRATIONS: readonly string[] = [
  initial,
  checks,
  parsing,
  builds,
  checksOfFiles,
  blockChecks,
  publicCommits,
  pieceProofs,
];

/** The ledger version that this program writes. */
export const LEDGER_VERSION = MIGRATIONS.length;

/**
 * Migrates the ledger to {@link LEDGER_VERSION}, each step and its version number in one transaction. Two programs that
 * do this at the same time take turns: the version is read under the lock. Throws `BadRequest` for a ledger written by
 * a newer program, which is left as it is.
 */
export function migrate(database: Database): void {
  requireKnownVersion(database);
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < userVersion(database)) continue;
    const step = database.transaction(() => {
      if (index < userVersion(database)) return;
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    });
    step.immediate();
  }
}

/** Returns the version of an open ledger; 0 for an empty file. */
export function userVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Throws `BadRequest` for a ledger that only a newer program understands. Reads only. */
export function requireKnownVersion(database: Database): void {
  const version = userVersion(database);
  if (version > LEDGER_VERSION) throw newerLedger(version);
}

function newerLedger(version: number): AppError {
  return new AppError(
    'BadRequest',
    `Haulyard’s download record was written by a newer version of Haulyard (format ${version}; this one reads up to ${LEDGER_VERSION}). ` +
      'Nothing was changed. Update Haulyard.',
    { details: { ledgerVersion: version, remedy: 'data-folder' } },
  );
}
