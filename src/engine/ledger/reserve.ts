import { randomBytes } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Enough for the log and the shared memory that SQLite needs to open a ledger. */
const RESERVE_BYTES = 1024 * 1024;

const reserveFile = (dataDir: string): string => join(dataDir, 'ledger.reserve');

/** Keeps a little room beside the ledger, so that it can be opened on a volume that has become full. Never fails. */
export async function keepReserve(dataDir: string): Promise<void> {
  const file = reserveFile(dataDir);
  const there = await stat(file).catch(() => null);
  if (there?.size === RESERVE_BYTES) return;
  // Bytes that no file system can compress away.
  await writeFile(file, randomBytes(RESERVE_BYTES)).catch(() =>
    rm(file, { force: true }).catch(() => undefined),
  );
}

/** Gives the room back to the volume. False when there is none to give. */
export async function releaseReserve(dataDir: string): Promise<boolean> {
  try {
    await rm(reserveFile(dataDir));
    return true;
  } catch {
    return false;
  }
}
