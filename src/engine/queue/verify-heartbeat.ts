import type { VerifyingEvent } from '../../shared/contract/events.ts';

/** How often the heartbeat comes at most, in milliseconds. */
const HEARTBEAT_MS = 1000;

type Beat = Pick<VerifyingEvent, 'path' | 'totalBytes' | 'seconds' | 'hashedBytes'>;

/** Hands a sign of life of a verification to `emit` at most once a second. `now` never goes back. */
export function createVerifyHeartbeat(now: () => number, emit: (beat: Beat) => void): (beat: Beat) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (beat) => {
    if (now() - lastMs < HEARTBEAT_MS) return;
    lastMs = now();
    emit(beat);
  };
}
