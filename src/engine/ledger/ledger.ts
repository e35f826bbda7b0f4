import { existsSync, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';
import { blobsTable } from './blobs.ts';
import { type ChunkRow, chunksTable } from './chunks.ts';
import { type DownloadCounters, downloadsTable } from './downloads.ts';
import { eventsTable } from './events.ts';
import { filesTable } from './files.ts';
import { hostsTable } from './hosts.ts';
import {
  HEARTBEAT_MS,
  heartbeat,
  isOwnerAlive,
  type LedgerOwner,
  readOwner,
  releaseLock,
  takeLock,
} from './lock.ts';
import { checkIntegrity, isDamage, openForReading, openForWriting } from './open-database.ts';
import { ownIdentity } from './process-identity.ts';
import { salvage, setAside } from './set-aside.ts';
import { settingsTable } from './settings.ts';

/** Name of the database inside the data folder. */
export const LEDGER_FILE = 'ledger.db';

/** A process that was just killed may need a moment to be gone; so long is it waited for before `LedgerBusy`. */
const OWNER_GRACE_MS = 1000;
const OWNER_RETRY_MS = 100;

export interface LedgerOptions {
  readonly dataDir: string;
  readonly runId: string;
  /** Shown to a second program that finds the ledger busy. */
  readonly program: string;
  readonly now: () => number;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** Called once if another process took the ledger over: this engine must stop writing. */
  readonly onLost: () => void;
}

/** What one checkpoint makes safe: rows of chunks, and what the downloads cost until then. */
export interface Checkpoint {
  readonly chunks: ReadonlyArray<{ readonly blobId: number; readonly rows: readonly ChunkRow[] }>;
  readonly counters: ReadonlyArray<{ readonly id: string; readonly counters: DownloadCounters }>;
}

const tablesOf = (database: Database) => ({
  downloads: downloadsTable(database),
  files: filesTable(database),
  blobs: blobsTable(database),
  chunks: chunksTable(database),
  events: eventsTable(database),
  settings: settingsTable(database),
  hosts: hostsTable(database),
});

/** What may be read without owning the ledger. */
export interface LedgerReader extends ReturnType<typeof tablesOf> {
  /** The living owner, or null: then nothing in the ledger is being worked on. */
  owner(): LedgerOwner | null;
  close(): void;
}

/** The ledger in the hands of its one owner. */
export interface Ledger extends ReturnType<typeof tablesOf> {
  /** Where a damaged predecessor was put, if this ledger replaced one. */
  readonly replaced: string | null;
  /** Runs `work` in one transaction. */
  transaction<T>(work: () => T): T;
  /** Commits a checkpoint in one transaction, and resolves when it is on disk. */
  commit(checkpoint: Checkpoint): Promise<void>;
  /** Resolves when every committed transaction is on disk. Does not block the event loop. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the ledger as its owner, making the folder and the file if need be. A damaged file is set aside and
 * what can be read of it is carried over. Throws `LedgerBusy` when a living process owns it.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  mkdirSync(options.dataDir, { recursive: true });
  const deadline = options.now() + OWNER_GRACE_MS;
  for (;;) {
    try {
      return openOwned(options);
    } catch (error) {
      const busy = error instanceof AppError && error.code === 'LedgerBusy';
      if (!busy || options.now() >= deadline) throw error;
      await sleep(OWNER_RETRY_MS);
    }
  }
}

/** Opens the ledger for reading only; works while another process owns it. */
export function openLedgerReader(dataDir: string, now: () => number): LedgerReader {
  const file = join(dataDir, LEDGER_FILE);
  const database = openForReading(file, existsSync(file));
  return {
    ...tablesOf(database),
    owner: () => {
      const owner = readOwner(database);
      return owner && isOwnerAlive(owner, ownIdentity().host, now()) ? owner : null;
    },
    close: () => void database.close(),
  };
}

function openOwned(options: LedgerOptions): Ledger {
  const file = join(options.dataDir, LEDGER_FILE);
  const owner = {
    ...ownIdentity(),
    runId: options.runId,
    program: options.program,
    heartbeatAt: options.now(),
  };
  try {
    return ownedLedger(openAndLock(file, owner), file, options, null);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  const aside = setAside(file, options.now());
  const database = openAndLock(file, owner);
  const rows = database.transaction(() => salvage(aside, database))();
  options.log('warn', `The ledger was damaged and set aside as ${aside}; ${rows} rows were carried over.`);
  return ownedLedger(database, file, options, aside);
}

function openAndLock(file: string, owner: LedgerOwner): Database {
  const database = openForWriting(file);
  try {
    const unclean = takeLock(database, owner);
    if (unclean) checkIntegrity(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function ownedLedger(
  database: Database,
  file: string,
  options: LedgerOptions,
  replaced: string | null,
): Ledger {
  const tables = tablesOf(database);
  const beat = setInterval(() => {
    if (heartbeat(database, options.runId, options.now())) return;
    clearInterval(beat);
    options.onLost();
  }, HEARTBEAT_MS).unref();
  const sync = () => syncFile(`${file}-wal`);
  return {
    ...tables,
    replaced,
    transaction: (work) => database.transaction(work)(),
    async commit({ chunks, counters }) {
      database.transaction(() => {
        for (const { blobId, rows } of chunks) tables.chunks.save(blobId, rows);
        for (const { id, counters: values } of counters) tables.downloads.setCounters(id, values);
      })();
      await sync();
    },
    sync,
    async close() {
      clearInterval(beat);
      releaseLock(database, options.runId);
      database.close();
    },
  };
}

/**
 * With `synchronous=NORMAL` a commit is in the write-ahead log but perhaps only in memory. Syncing that file makes
 * it durable; SQLite ignores frames that were torn by a power cut (https://sqlite.org/wal.html).
 */
async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
