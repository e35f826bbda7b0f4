import type { AppError } from '../../shared/contract/errors.ts';
import { requireReserve } from '../disk/disk-guard.ts';
import { classify } from '../errors/classify.ts';

/** How often the room on the volume is looked at while bytes come, in milliseconds. */
const ROOM_CHECK_MS = 5000;

/** What is stopped when the room runs out. */
interface Writer {
  hasWork(): boolean;
  checkpointFailed(error: AppError): void;
}

/** Looks at the room on the volume of `folder` now and then, and stops what still writes before nothing is left. */
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

/** The same failure with the room that is missing, as `requireRoom` finds it: a write that failed says nothing of that. */
export async function withRoom(failure: AppError, requireRoom: () => Promise<void>): Promise<AppError> {
  if (failure.code !== 'DiskFull' || failure.details.volume === 'ledger') return failure;
  return requireRoom().then(
    () => failure,
    (error) => classify(error),
  );
}
