import type { AppError } from '../../shared/contract/errors.ts';
import { requireReserve } from '../disk/disk-guard.ts';
import { classify } from '../errors/classify.ts';

/** How often the free space of the volume is checked while bytes arrive, in milliseconds. */
const ROOM_CHECK_MS = 5000;

/** What is stopped when the space runs out. */
interface Writer {
  hasWork(): boolean;
  checkpointFailed(error: AppError): void;
}

/** Checks the free space on the volume of `folder` from time to time, and stops the writers before nothing is left. */
export function createRoomWatch(now: () => number, folder: string): (writers: Iterable<Writer>) => void {
  let lookedMs = Number.NEGATIVE_INFINITY;
  return (writers) => {
    if (now() - lookedMs < ROOM_CHECK_MS) return;
    lookedMs = now();
    requireReserve(folder).catch((error) => {
      const failure = classify(error, { disk: folder });
      for (const writer of writers) if (writer.hasWork()) writer.checkpointFailed(failure);
    });
  };
}

/** Adds the missing space, as `requireRoom` calculates it, to a failure: a failed write does not include it. */
export async function withRoom(failure: AppError, requireRoom: () => Promise<void>): Promise<AppError> {
  if (failure.code !== 'DiskFull' || failure.details.volume === 'ledger') return failure;
  return requireRoom().then(
    () => failure,
    (error) => classify(error),
  );
}
