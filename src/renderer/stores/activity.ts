import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';

/**
 * What the page itself has observed of a download, which is not in the engine's view. Times in milliseconds since 1970.
 */
export interface Activity {
  /** Null until the first event: what was on disk before did not arrive now. */
  readonly receivedBytes: number | null;
  /** When the amount last grew. Null until it was seen to grow. */
  readonly lastByteAtMs: number | null;
  /** The last failed attempt since the last byte. */
  readonly retry: {
    readonly attempt: number;
    readonly code: ErrorCode;
    readonly message: string;
    /** When the next attempt is made. */
    readonly dueAtMs: number;
  } | null;
}

export const NO_ACTIVITY: Activity = { receivedBytes: null, lastByteAtMs: null, retry: null };

/** Returns the activity after one event of this download. The same object when nothing displayed changed. */
export function withEvent(activity: Activity, event: EngineEvent): Activity {
  const atMs = Date.parse(event.time);
  switch (event.event) {
    case 'progress':
      if (activity.receivedBytes !== null && event.receivedBytes > activity.receivedBytes) {
        return { receivedBytes: event.receivedBytes, lastByteAtMs: atMs, retry: null };
      }
      return event.receivedBytes === activity.receivedBytes
        ? activity
        : { ...activity, receivedBytes: event.receivedBytes };
    case 'retry': {
      const { attempt, code, message, delayMs } = event;
      return { ...activity, retry: { attempt, code, message, dueAtMs: atMs + delayMs } };
    }
    default:
      return activity;
  }
}
