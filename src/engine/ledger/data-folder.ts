import { chmod, lstat, stat } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { notAFolder } from './open-database.ts';

/** The permissions of the group and of everybody, and of these the permission to write. */
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
/** Folders that are shared on purpose, such as `/tmp`, have this bit. */
const STICKY = 0o1000;
const OWN_FOLDER = 0o700;
const OWN_FILE = 0o600;

/**
 * Creates the folder of the ledger, for its owner alone. A folder that others may write to can be exchanged under a
 * running program, so their permission is removed if the folder is ours, and the folder is rejected if it is not.
 * Throws `DiskPermission`.
 */
export async function prepareDataFolder(dataDir: string, ledgerFile: string): Promise<void> {
  const isNew = (await makeDataFolder(dataDir)) !== null;
  await refuseOtherKinds(ledgerFile);
  if (process.getuid === undefined) return; // Windows stores permissions elsewhere.
  const folder = await stat(dataDir);
  const isOurs = folder.uid === process.getuid();
  const ledger = await lstat(ledgerFile).catch(() => null);
  if (isOurs && (isNew || ledger !== null)) await tighten(dataDir, folder.mode, OWN_FOLDER);
  else if ((folder.mode & OTHERS_WRITE) !== 0) {
    if (!isOurs || (folder.mode & STICKY) !== 0) throw othersMayWrite(dataDir);
    await tighten(dataDir, folder.mode, folder.mode & 0o777 & ~OTHERS_WRITE);
  }
  for (const file of [ledgerFile, `${ledgerFile}-wal`, `${ledgerFile}-shm`]) {
    const there = await lstat(file).catch(() => null);
    if (there?.uid === process.getuid()) await tighten(file, there.mode, OWN_FILE);
  }
}

/** A new ledger gets the permissions of any new file; its log and shared memory inherit them. */
export async function keepLedgerPrivate(ledgerFile: string): Promise<void> {
  for (const file of [ledgerFile, `${ledgerFile}-wal`, `${ledgerFile}-shm`]) {
    const there = await lstat(file).catch(() => null);
    if (there?.isFile()) await tighten(file, there.mode, OWN_FILE);
  }
}

async function makeDataFolder(path: string): Promise<string | null> {
  try {
    return await makeFolder(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw notAFolder(path);
  }
}

/** SQLite follows links, and would write to their targets. */
async function refuseOtherKinds(ledgerFile: string): Promise<void> {
  for (const file of [ledgerFile, `${ledgerFile}-wal`, `${ledgerFile}-shm`, `${ledgerFile}-journal`]) {
    const there = await lstat(file).catch(() => null);
    if (!there?.isSymbolicLink()) continue;
    throw new AppError(
      'DiskPermission',
      `${file} is a link, and what it leads to would be overwritten. Nothing was changed. Remove the link.`,
      { details: { path: file, remedy: 'data-folder' } },
    );
  }
}

/** Permissions that cannot be removed (a volume without any) are no reason not to start. */
async function tighten(path: string, mode: number, wanted: number): Promise<void> {
  if ((mode & OTHERS) === (wanted & OTHERS)) return;
  await chmod(path, wanted).catch(() => undefined);
}

function othersMayWrite(dataDir: string): AppError {
  return new AppError(
    'DiskPermission',
    `Other users may write to ${dataDir}, so nothing in it can be trusted. Nothing was changed. Take that permission away (chmod go-w).`,
    { details: { path: dataDir, remedy: 'data-folder' } },
  );
}
