import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { formatBytes } from '../../shared/format/bytes.ts';

/** Space that downloads leave free for everything else: this, or this share of the volume if that is less. */
const RESERVE_BYTES = 2_000_000_000;
const RESERVE_SHARE = 0.05;

/** Space on the volume of a folder, in bytes. */
export interface Room {
  readonly freeBytes: number;
  readonly reserveBytes: number;
  /** Size of the whole volume. */
  readonly volumeBytes: number;
}

/** The system's numbers for a volume, in blocks. */
export type VolumeFacts = Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'>;

/** Error codes of a file system that does not report its space. */
const UNTOLD: ReadonlySet<string> = new Set(['ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL']);

/**
 * Returns the free space on the volume that holds `folder`; null when the volume does not report it, which is not the
 * same as full.
 */
export async function roomAt(
  folder: string,
  ask: (folder: string) => Promise<VolumeFacts> = (path) => statfs(path),
): Promise<Room | null> {
  try {
    return roomOf(await ask(folder));
  } catch (error) {
    if (UNTOLD.has(String((error as NodeJS.ErrnoException).code))) return null;
    throw error;
  }
}

/**
 * Returns null for a volume of no size, as network and user-space file systems report it, and for numbers that
 * contradict each other.
 */
export function roomOf({ bavail, blocks, bsize }: VolumeFacts): Room | null {
  const volumeBytes = blocks * bsize;
  if (!(volumeBytes > 0) || bavail > blocks || bavail < 0) return null;
  const reserveBytes = Math.min(RESERVE_BYTES, volumeBytes * RESERVE_SHARE);
  return { freeBytes: bavail * bsize, reserveBytes, volumeBytes };
}

/**
 * Throws `DiskFull` unless `remainingBytes` more fit and the reserve stays; not retryable when they would not fit even
 * on the empty volume. `claimedBytes` are kept for others. Where the free space is unknown, writing decides.
 */
export async function requireRoom(folder: string, remainingBytes: number, claimedBytes = 0): Promise<void> {
  const room = await roomAt(folder);
  if (room === null) return;
  const { freeBytes, reserveBytes, volumeBytes } = room;
  const neededBytes = remainingBytes + claimedBytes + reserveBytes;
  if (remainingBytes <= 0 || freeBytes >= neededBytes) return;
  if (remainingBytes + reserveBytes > volumeBytes) throw neverFits(folder, remainingBytes, volumeBytes);
  throw diskFull(folder, neededBytes - freeBytes, freeBytes);
}

/** Throws `DiskFull` when less than half the reserve is left while a download runs. */
export async function requireReserve(folder: string): Promise<void> {
  const room = await roomAt(folder);
  if (room === null) return;
  const { freeBytes, reserveBytes } = room;
  if (freeBytes < reserveBytes / 2) throw diskFull(folder, reserveBytes - freeBytes, freeBytes);
}

function neverFits(folder: string, neededBytes: number, volumeBytes: number): AppError {
  return new AppError(
    'DiskFull',
    `Not enough space: ${formatBytes(neededBytes)} still to download, and the whole disk with ${folder} has ${formatBytes(volumeBytes)}. ` +
      'Choose a folder on a larger disk.',
    { retryable: false, details: { path: folder, neededBytes, volumeBytes } },
  );
}

function diskFull(folder: string, missingBytes: number, freeBytes: number): AppError {
  return new AppError(
    'DiskFull',
    `Not enough space on the disk with ${folder}: ${formatBytes(freeBytes)} free. Free up ${formatBytes(missingBytes)}. ` +
      'Your progress is saved.',
    { details: { missingBytes: Math.ceil(missingBytes), freeBytes } },
  );
}
