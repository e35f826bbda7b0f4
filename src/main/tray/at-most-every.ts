/** Calls `run` at once, and again after at most `intervalMs` if requested in between. */
export interface Coalesced {
  request(): void;
  /** Calls now, instead of what is planned. */
  flush(): void;
  dispose(): void;
}

/** Timers, replaceable in tests. */
export interface Timers {
  now(): number;
  after(milliseconds: number, run: () => void): () => void;
}

/** The timers of this process. */
export const processTimers: Timers = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Coalesces requests: the first runs at once, those of the following `intervalMs` in one call at their end. */
export function atMostEvery(intervalMs: number, run: () => void, timers: Timers = processTimers): Coalesced {
  let lastAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  const drop = () => {
    cancel?.();
    cancel = null;
  };
  const fire = () => {
    drop();
    lastAt = timers.now();
    run();
  };
  return {
    request: () => {
      if (cancel !== null) return;
      const waitMs = lastAt + intervalMs - timers.now();
      if (waitMs <= 0) fire();
      else cancel = timers.after(waitMs, fire);
    },
    flush: fire,
    dispose: drop,
  };
}
