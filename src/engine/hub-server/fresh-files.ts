import type { SharedFiles } from './shared-files.ts';

/** How long a result is reused, in milliseconds. */
const MIN_AGE_MS = 2000;
/** Scanning must not take more than a twentieth of the time, however many files there are. */
const AGE_PER_LOOK = 20;

/** Determines what is shared, and again when that was some time ago. */
export interface FreshFiles {
  /** Returns what is shared now, or was a few seconds ago. */
  get(): Promise<SharedFiles>;
  /** Reports that something has changed: the next call waits for another scan. */
  outdate(): void;
}

/**
 * Keeps the result of `look` for at least two seconds, longer where scanning takes long. `now` is monotonic, in
 * milliseconds.
 */
export function freshFiles(look: () => Promise<SharedFiles>, now: () => number): FreshFiles {
  let known: Promise<SharedFiles> | null = null;
  let untilMs = 0;
  const lookAgain = () => {
    const startedMs = now();
    untilMs = Number.POSITIVE_INFINITY; // Calls during a scan wait for it.
    known = look().finally(() => {
      const endedMs = now();
      untilMs = endedMs + Math.max(MIN_AGE_MS, (endedMs - startedMs) * AGE_PER_LOOK);
    });
    known.catch(() => {
      known = null;
    });
    return known;
  };
  return {
    get: () => (known === null || now() >= untilMs ? lookAgain() : known),
    outdate: () => {
      if (untilMs !== Number.POSITIVE_INFINITY) untilMs = 0;
    },
  };
}
