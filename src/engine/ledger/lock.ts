import type { Database } from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';
import { isAlive, type ProcessIdentity, relationTo } from './process-identity.ts';

/** The owner of the ledger. */
export interface LedgerOwner extends ProcessIdentity {
  readonly runId: string;
  /** For people: `the Haulyard app`, `haulyard download`. */
  readonly program: string;
  /** Milliseconds since the epoch. */
  readonly heartbeatAt: number;
}

/** How often the owner renews its row. */
export const HEARTBEAT_MS = 10_000;

/**
 * The system cannot report whether an owner on another computer (a data folder on a network share) or in another
 * container is alive; after this long without a heartbeat it is considered dead. Six heartbeats.
 */
export const FOREIGN_OWNER_TIMEOUT_MS = 60_000;

interface LockRow {
  readonly run_id: string;
  readonly program: string;
  readonly host: string;
  readonly pid: number;
  readonly process_start: string;
  readonly heartbeat_at: number;
}

/** Returns the owner recorded in the ledger; null when the last one ended cleanly. */
export function readOwner(database: Database): LedgerOwner | null {
  const row = database.prepare<[], LockRow>('SELECT * FROM lock').get();
  if (!row) return null;
  return {
    runId: row.run_id,
    program: row.program,
    host: row.host,
    pid: row.pid,
    processStart: row.process_start,
    heartbeatAt: row.heartbeat_at,
  };
}

/**
 * True when `owner` may still write, so that nobody else must. A stopped or sleeping owner counts as alive. `self` is
 * the calling process, at `nowMs` since the epoch.
 */
export function isOwnerAlive(owner: LedgerOwner, self: ProcessIdentity, nowMs: number): boolean {
  switch (relationTo(owner, self)) {
    case 'same-pids':
      return isAlive(owner);
    case 'earlier-boot':
      return false;
    case 'elsewhere':
      return nowMs - owner.heartbeatAt < FOREIGN_OWNER_TIMEOUT_MS;
  }
}

/**
 * Makes `owner` the owner. Returns true when the previous owner did not end cleanly. Throws `LedgerBusy` when another
 * living process owns the ledger.
 */
export function takeLock(database: Database, owner: LedgerOwner): boolean {
  return database
    .transaction(() => {
      const before = refuseLivingOwner(database, owner);
      database
        .prepare(
          `INSERT OR REPLACE INTO lock (id, run_id, program, host, pid, process_start, heartbeat_at)
           VALUES (1, @runId, @program, @host, @pid, @processStart, @heartbeatAt)`,
        )
        .run(owner);
      return before !== null;
    })
    .immediate();
}

/**
 * Returns the previous owner, which is dead, or null. Throws `LedgerBusy` when that owner is alive and is not `owner`
 * itself.
 */
export function refuseLivingOwner(database: Database, owner: LedgerOwner): LedgerOwner | null {
  const before = readOwner(database);
  if (before && before.runId !== owner.runId && isOwnerAlive(before, owner, owner.heartbeatAt)) {
    throw busy(before);
  }
  return before;
}

/** True while this run is the owner. Cheap enough for each transaction. */
export function ownerCheck(database: Database, runId: string): () => boolean {
  const select = database.prepare<[string], { id: number }>(
    'SELECT id FROM lock WHERE id = 1 AND run_id = ?',
  );
  return () => select.get(runId) !== undefined;
}

/** Renews the row; returns false when another process took over the ledger in the meantime. */
export function heartbeat(database: Database, runId: string, nowMs: number): boolean {
  return (
    database.prepare('UPDATE lock SET heartbeat_at = ? WHERE run_id = ?').run(nowMs, runId).changes === 1
  );
}

/** Releases the ledger after a clean end. */
export function releaseLock(database: Database, runId: string): void {
  database.prepare('DELETE FROM lock WHERE run_id = ?').run(runId);
}

/** Returns the error for a ledger that a living process owns. */
export function busy(owner: LedgerOwner): AppError {
  return new AppError(
    'LedgerBusy',
    `${owner.program} (process ${owner.pid}${owner.host ? ` on ${owner.host}` : ''}) is using this data folder. ` +
      'Its downloads continue. Wait until it ends, or quit it.',
    { details: { pid: owner.pid, program: owner.program, remedy: 'data-folder' } },
  );
}

/** Returns the error for an owner whose ledger was taken over or moved away: it must stop writing. */
export function lost(): AppError {
  return new AppError(
    'LedgerBusy',
    'Another program took over this data folder or moved it, so nothing more is written to it. ' +
      'Your progress is saved. Start again to continue.',
    { retryable: false },
  );
}
