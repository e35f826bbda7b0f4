import { statfs } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { formatBytes } from '../../shared/format/bytes.ts';

/** Room that downloads leave free for everything else: this, or this share of the volume if that is less. */
const RESERVE_BYTES = 2_000_000_000;
const RESERVE_SHARE = 0.05;

/** Room on the volume of a folder, in bytes. */
export interface Room {
  readonly freeBytes: number;
  readonly reserveBytes: number;
}

/** What is free on the volume that holds `folder`. */
export async function roomAt(folder: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, reserveBytes: Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE) };
}

/** Throws `DiskFull` unless `remainingBytes` more fit and the reserve stays. */
export async function requireRoom(folder: string, remainingBytes: number): Promise<void> {
  const { freeBytes, reserveBytes } = await roomAt(folder);
  const neededBytes = remainingBytes + reserveBytes;
  if (remainingBytes > 0 && freeBytes < neededBytes)
    throw diskFull(folder, neededBytes - freeBytes, freeBytes);
}

/** Throws `DiskFull` when less than half the reserve is left while a download runs. */
export async function requireReserve(folder: string): Promise<void> {
  const { freeBytes, reserveBytes } = await roomAt(folder);
  if (freeBytes < reserveBytes / 2) throw diskFull(folder, reserveBytes - freeBytes, freeBytes);
}

function diskFull(folder: string, missingBytes: number, freeBytes: number): AppError {
  return new AppError(
    'DiskFull',
    `The disk that holds ${folder} is too full: ${formatBytes(missingBytes)} more are needed, ${formatBytes(freeBytes)} are free. ` +
      'What is downloaded is safe. It goes on by itself when there is room.',
    { details: { missingBytes: Math.ceil(missingBytes), freeBytes } },
  );
}
