import type { VerifyingEvent } from '../../shared/contract/events.ts';

/** Minimum interval of the heartbeat, in milliseconds. */
const HEARTBEAT_MS = 1000;

type Beat = Pick<VerifyingEvent, 'path' | 'totalBytes' | 'seconds' | 'hashedBytes'>;

/** Passes signs of life from a verification to `emit`, at most one a second. `now` is monotonic. */
export function createVerifyHeartbeat(now: () => number, emit: (beat: Beat) => void): (beat: Beat) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (beat) => {
    if (now() - lastMs < HEARTBEAT_MS) return;
    lastMs = now();
    emit(beat);
  };
}
