import { setTimeout as wait } from 'node:timers/promises';

/** A length of time in milliseconds; `forever` lasts until the connection or the Hub is closed. */
export type Wait = number | 'forever';

/** Waits so long, or until the signal is aborted; never rejects. */
export async function pause(time: Wait, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  if (time === 'forever') {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  } else if (time > 0) {
    await wait(time, undefined, { signal }).catch(() => {});
  }
}
