import { statSync } from 'node:fs';
import { open, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../errors/classify.ts';
import type { CheckedChunkRow } from './chunks.ts';
import type { DownloadCounters } from './downloads.ts';
import { HEARTBEAT_MS, heartbeat, lost, ownerCheck, releaseLock } from './lock.ts';
import { type LedgerTables, tablesOf } from './tables.ts';

/**
 * Free space that the ledger must have before bytes are fetched again: enough for minutes of checkpoints and the log.
 */
const WORKING_ROOM_BYTES = 2 * 1024 * 1024;

/** Options and callbacks of a ledger. */
export interface LedgerOptions {
  readonly dataDir: string;
  readonly runId: string;
  /** Shown to a second program that finds the ledger busy. */
  readonly program: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** Called once if another process took the ledger over or away: this engine must stop writing. */
  readonly onLost: () => void;
}

/** What one checkpoint makes durable: rows of chunks, and what the downloads have cost until then. */
export interface Checkpoint {
  readonly chunks: ReadonlyArray<{ readonly blobId: number; readonly rows: readonly CheckedChunkRow[] }>;
  readonly counters: ReadonlyArray<{ readonly id: string; readonly counters: DownloadCounters }>;
}

/** The ledger as its one owner uses it. */
export interface Ledger extends LedgerTables {
  /** Where a damaged predecessor was moved, if this ledger replaced one. */
  readonly replaced: string | null;
  /**
   * Runs `work` in one transaction. Throws what `work` throws, `LedgerBusy` when the ledger is lost, `DiskFull` and the
   * like when it cannot be written; then nothing is kept.
   */
  transaction<T>(work: () => T): T;
  /** Commits a checkpoint in one transaction, and resolves when it is on disk. Rejects as {@link transaction} throws. */
  commit(checkpoint: Checkpoint): Promise<void>;
  /** Resolves when every committed transaction is on disk. Does not block the event loop. */
  sync(): Promise<void>;
  /**
   * Throws `DiskFull` and the like until the ledger can be written and its volume has space for some time of progress.
   */
  requireWritable(): Promise<void>;
  /** Releases the ledger. Safe to call twice. */
  close(): Promise<void>;
}

/** Makes a locked database a ledger and keeps its lock alive. `file` is the database's own path, not a link to it. */
export function ownLedger(
  database: Database,
  file: string,
  replaced: string | null,
  options: LedgerOptions,
): Ledger {
  const unguarded = tablesOf(database);
  const { ino } = statSync(file);
  const isOwner = ownerCheck(database, options.runId);
  const lose = onlyOnce(() => {
    clearInterval(beat);
    options.onLost();
  });
  const loseAndThrow = (): never => {
    lose();
    throw lost();
  };
  const failure = (error: unknown): AppError => ofLedger(classify(error, { disk: file }));
  const beat = setInterval(heartbeatOf(database, options, lose), HEARTBEAT_MS).unref();

  const transaction = <T>(work: () => T): T => {
    try {
      return database.transaction(() => (isOwner() ? work() : loseAndThrow())).immediate();
    } catch (error) {
      throw failure(error);
    }
  };
  const sync = async (): Promise<void> => {
    try {
      if ((await inodeOf(file)) !== ino) loseAndThrow();
      await syncFile(`${file}-wal`);
    } catch (error) {
      throw failure(error);
    }
  };
  return {
    ...guardWrites(unguarded, transaction),
    replaced,
    transaction,
    async commit({ chunks, counters }) {
      transaction(() => {
        for (const { blobId, rows } of chunks) unguarded.chunks.save(blobId, rows);
        for (const { id, counters: values } of counters) unguarded.downloads.setCounters(id, values);
      });
      await sync();
    },
    sync,
    async requireWritable() {
      const { bavail, bsize, blocks } = await statfs(dirname(file));
      if (blocks > 0 && bavail * bsize < WORKING_ROOM_BYTES) throw ofLedger(full());
      transaction(() => heartbeat(database, options.runId, options.now()));
      await sync();
    },
    async close() {
      clearInterval(beat);
      if (!database.open) return;
      try {
        releaseLock(database, options.runId);
      } catch (error) {
        options.log(
          'warn',
          `Haulyard’s download record couldn’t be closed in order: ${failure(error).message}`,
        );
      } finally {
        database.close();
      }
    },
  };
}

/** Functions of the tables that only read; all others write. */
const READS: ReadonlySet<string> = new Set([
  'list',
  'listChecked',
  'get',
  'find',
  'marks',
  'latest',
  'streams',
]);

/**
 * Makes each write a transaction that first checks whether this process still owns the ledger: one that lost its data
 * folder to another must not overwrite the new owner's data. Inside a transaction it costs a savepoint.
 */
function guardWrites(tables: LedgerTables, transaction: <T>(work: () => T) => T): LedgerTables {
  type Method = (...args: unknown[]) => unknown;
  const guard = (name: string, method: Method): Method =>
    READS.has(name) ? method : (...args) => transaction(() => method(...args));
  const guardTable = (table: object) =>
    Object.fromEntries(Object.entries(table).map(([name, method]) => [name, guard(name, method as Method)]));
  const guarded = Object.entries(tables).map(([name, table]) => [name, guardTable(table)]);
  return Object.fromEntries(guarded) as LedgerTables;
}

/** Marks a failure as one of the ledger's volume, which may be another than the cache's. */
function ofLedger({ code, message, retryable, details, cause }: AppError): AppError {
  return new AppError(code, message, { retryable, cause, details: { ...details, volume: 'ledger' } });
}

function full(): AppError {
  return new AppError(
    'DiskFull',
    'The disk with Haulyard’s download record is full. Free up space, and downloads resume.',
  );
}

/** A timer must not throw: an SQLite error is reported once, and tried again at the next beat. */
function heartbeatOf(database: Database, options: LedgerOptions, lose: () => void): () => void {
  let told = '';
  return () => {
    try {
      if (!heartbeat(database, options.runId, options.now())) lose();
      told = '';
    } catch (error) {
      const { message } = classify(error);
      if (message !== told)
        options.log('error', `The lock of Haulyard’s download record couldn’t be renewed: ${message}`);
      told = message;
    }
  };
}

/** Returns null when nothing is there any more. */
async function inodeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * With `synchronous=NORMAL` a commit is in the write-ahead log but perhaps only in memory. Syncing that file makes it
 * durable; SQLite ignores frames torn by a power failure (https://sqlite.org/wal.html).
 */
async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function onlyOnce(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
