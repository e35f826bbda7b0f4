import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../errors/classify.ts';
import { keepLedgerPrivate, prepareDataFolder } from './data-folder.ts';
import { requireKnownSchema, requirePlausibleLengths } from './known-schema.ts';
import { isOwnerAlive, type LedgerOwner, readOwner, refuseLivingOwner, takeLock } from './lock.ts';
import { lockHolders } from './lock-holders.ts';
import { migrate, userVersion } from './migrate.ts';
import { checkIntegrity, damaged, isDamage, openForReading, openForWriting } from './open-database.ts';
import { type Ledger, type LedgerOptions, ownLedger } from './owned-ledger.ts';
import { ownIdentity } from './process-identity.ts';
import { replaceDamaged } from './recover-corrupt.ts';
import { keepReserve, releaseReserve } from './reserve.ts';
import { type LedgerTables, tablesOf } from './tables.ts';
import { unfitVolume } from './unfit-volume.ts';

export type { Checkpoint, Ledger, LedgerOptions } from './owned-ledger.ts';

/** Name of the database inside the data folder. */
export const LEDGER_FILE = 'ledger.db';

/** A process that was just killed may need a moment to exit; this is how long to wait for it before `LedgerBusy`. */
const OWNER_GRACE_MS = 1000;
const OWNER_RETRY_MS = 100;

/** What may be read without owning the ledger. */
export interface LedgerReader extends LedgerTables {
  /** Returns the living owner, or null: then nothing in the ledger is being worked on. */
  owner(): LedgerOwner | null;
  close(): void;
}

/**
 * Opens the ledger as its owner, creating the folder and the file if necessary. A damaged file is set aside and its
 * readable rows are salvaged. Throws `LedgerBusy` when a living process owns it, `BadRequest` when a newer program
 * wrote it, `DiskPermission`, `DiskFull` or `DiskMissing` when it cannot be written.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  try {
    await prepareDataFolder(options.dataDir, join(options.dataDir, LEDGER_FILE));
    return await openWithReserve(options);
  } catch (error) {
    throw unfitVolume(error, options.dataDir) ?? classify(error, { disk: options.dataDir });
  }
}

/** A full volume must not keep the program from starting: the reserve kept for this case is released. */
async function openWithReserve(options: LedgerOptions): Promise<Ledger> {
  try {
    const ledger = await openWithGrace(options);
    await keepLedgerPrivate(join(options.dataDir, LEDGER_FILE));
    await keepReserve(options.dataDir);
    return ledger;
  } catch (error) {
    const full = classify(error, { disk: options.dataDir }).code === 'DiskFull';
    if (!full || !(await releaseReserve(options.dataDir))) throw error;
    return await openWithGrace(options);
  }
}

async function openWithGrace(options: LedgerOptions): Promise<Ledger> {
  const retries = OWNER_GRACE_MS / OWNER_RETRY_MS;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await openOwned(options);
    } catch (error) {
      const busy = error instanceof AppError && error.code === 'LedgerBusy';
      if (!busy || attempt >= retries) throw error;
      await sleep(OWNER_RETRY_MS);
    }
  }
}

/**
 * Opens the ledger for reading only; works while another process owns it. Throws `LedgerCorrupt` for a damaged one,
 * `BadRequest` for one that a newer program wrote, and `DiskPermission` on a volume without file locks.
 */
export function openLedgerReader(dataDir: string, now: () => number): LedgerReader {
  const database = openOrSayWhy(dataDir);
  try {
    requireKnownSchema(database);
    requirePlausibleLengths(database);
    const self = ownIdentity();
    return {
      ...tablesOf(database),
      owner: () => {
        const owner = readOwner(database);
        return owner && isOwnerAlive(owner, self, now()) ? owner : null;
      },
      close: () => void database.close(),
    };
  } catch (error) {
    database.close();
    throw isDamage(error) ? damaged(error) : error;
  }
}

function openOrSayWhy(dataDir: string): Database {
  try {
    return openForReading(join(dataDir, LEDGER_FILE));
  } catch (error) {
    throw unfitVolume(error, dataDir) ?? error;
  }
}

async function openOwned(options: LedgerOptions): Promise<Ledger> {
  const { dataDir, runId, program, now, log } = options;
  const file = join(dataDir, LEDGER_FILE);
  const owner = { ...ownIdentity(), runId, program, heartbeatAt: now() };
  const opening = { mine: false };
  try {
    return ownLedger(openAndLock(file, owner, opening), file, null, options);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  if (!opening.mine) await requireNobodyElse(file);
  const { aside, rows } = replaceDamaged(file, now());
  log('warn', `Haulyard’s download record was damaged and set aside as ${aside}; ${rows} rows were kept.`);
  return ownLedger(openAndLock(file, owner, opening), file, aside, options);
}

/** The owner is checked before anything is changed: it may be an older program, which a migration would break. */
function openAndLock(file: string, owner: LedgerOwner, opening: { mine: boolean }): Database {
  const database = openForWriting(file);
  try {
    if (userVersion(database) > 0) refuseLivingOwner(database, owner);
    migrate(database);
    takeLock(database, owner);
    opening.mine = true;
    checkIntegrity(database);
    requireKnownSchema(database);
    requirePlausibleLengths(database);
    tablesOf(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A ledger that is too damaged to name its owner must not be taken away from one that is still writing. */
async function requireNobodyElse(file: string): Promise<void> {
  const [pid] = await lockHolders(file);
  if (pid === undefined) return;
  throw new AppError(
    'LedgerBusy',
    `Haulyard’s download record is damaged, and process ${pid} still has it open. Downloaded files are safe. ` +
      'End that process and start again: Haulyard then keeps what can be read of the record.',
    { details: { pid } },
  );
}
