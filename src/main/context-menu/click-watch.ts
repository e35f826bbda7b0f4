/** A click and what the page asks for after it reach the main process over two ways, within this time of each other. */
const WITHIN_MS = 1000;

/** Knows of clicks with the other button from Chromium's browser process, where the page cannot make one up. */
export interface ClickWatch {
  /** The user clicked (or pressed the key for it) where there is no text. */
  clicked(): void;
  /** True once for each click: one that was just made, or that comes within a second. */
  take(): Promise<boolean>;
}

/** What {@link createClickWatch} needs. */
export interface ClickWatchDeps {
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
  readonly later: (run: () => void, delayMs: number) => unknown;
}

export function createClickWatch({ monotonic, later }: ClickWatchDeps): ClickWatch {
  let clickedAtMs = Number.NEGATIVE_INFINITY;
  let waiting: ((isThere: boolean) => void) | null = null;

  function answer(isThere: boolean): void {
    waiting?.(isThere);
    waiting = null;
  }

  return {
    clicked: () => {
      if (waiting) answer(true);
      else clickedAtMs = monotonic();
    },
    take: () => {
      answer(false);
      const isThere = monotonic() - clickedAtMs < WITHIN_MS;
      clickedAtMs = Number.NEGATIVE_INFINITY;
      if (isThere) return Promise.resolve(true);
      return new Promise((resolve) => {
        waiting = resolve;
        later(() => {
          if (waiting === resolve) answer(false);
        }, WITHIN_MS);
      });
    },
  };
}
