import type { SharedFiles } from './shared-files.ts';

/** What was found is used for so long, in milliseconds. */
const MIN_AGE_MS = 2000;
/** Looking must not take more than a twentieth of the time, however many files there are. */
const AGE_PER_LOOK = 20;

/** Finds out what is shared, again when that was some time ago. */
export interface FreshFiles {
  /** What is shared now, or was a few seconds ago. */
  get(): Promise<SharedFiles>;
  /** Something was found to be different: the next one who asks waits for another look. */
  outdate(): void;
}

/** Keeps the result of `look` for at least two seconds, longer where looking takes long. `now` never goes back, in milliseconds. */
export function freshFiles(look: () => Promise<SharedFiles>, now: () => number): FreshFiles {
  let known: Promise<SharedFiles> | null = null;
  let untilMs = 0;
  const lookAgain = () => {
    const startedMs = now();
    untilMs = Number.POSITIVE_INFINITY; // Whoever asks while it is looked waits for this look.
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
