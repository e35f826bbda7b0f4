import { AppError } from '../shared/contract/errors.ts';

/**
 * One Ctrl-C can arrive twice: from the terminal, which signals the whole process group, and forwarded by the launcher
 * or by npm. Signals closer together than this are one request, in milliseconds.
 */
const SAME_REQUEST_MS = 250;

/** Dependencies of {@link createInterrupt}. */
export interface InterruptDeps {
  readonly now: () => number;
  /** Called for a second request: end at once. */
  readonly onSecond: () => void;
}

/** The user's request to stop. */
export interface Interrupt {
  /** Aborted by the first request; its reason is an AppError of code Cancelled. */
  readonly signal: AbortSignal;
  /** Call for each SIGINT, SIGTERM or SIGHUP. */
  request(): void;
  /** Calls `listener` for a second request instead of ending at once. @returns a function that unsubscribes */
  onSecond(listener: () => void): () => void;
}

/** The first request asks for a clean stop, a second one ends the process at once. */
export function createInterrupt({ now, onSecond }: InterruptDeps): Interrupt {
  const controller = new AbortController();
  let firstAtMs: number | null = null;
  let second = onSecond;
  return {
    signal: controller.signal,
    request() {
      if (firstAtMs === null) {
        firstAtMs = now();
        controller.abort(new AppError('Cancelled', 'Stopped. What was saved is kept.'));
      } else if (now() - firstAtMs >= SAME_REQUEST_MS) {
        second();
      }
    },
    onSecond(listener) {
      second = listener;
      return () => {
        second = onSecond;
      };
    },
  };
}

/** Rejects with the Cancelled error once `signal` is aborted; never resolves. */
export function whenInterrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
