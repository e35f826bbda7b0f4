import { randomBytes } from 'node:crypto';
import { lstat, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Enough for the log and the shared memory that SQLite needs to open a ledger. */
const RESERVE_BYTES = 1024 * 1024;

const reserveFile = (dataDir: string): string => join(dataDir, 'ledger.reserve');

/**
 * Reserves a little space next to the ledger, so that it can be opened on a volume that has become full. Never fails,
 * and never writes to an existing file, which may be a link.
 */
export async function keepReserve(dataDir: string): Promise<void> {
  const file = reserveFile(dataDir);
  const there = await lstat(file).catch(() => null);
  if (there?.isFile() && there.size === RESERVE_BYTES) return;
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    // Bytes that no file system can compress away.
    await writeFile(temporary, randomBytes(RESERVE_BYTES), { flag: 'wx', mode: 0o600 });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Releases the reserve to the volume. Returns false when there is none. */
export async function releaseReserve(dataDir: string): Promise<boolean> {
  try {
    await rm(reserveFile(dataDir));
    return true;
  } catch {
    return false;
  }
}
