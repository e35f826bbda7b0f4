/** Dependencies of {@link createQuitSequence}. */
export interface QuitDeps {
  /** True when something is unfinished and the user was not yet told what happens to it. */
  readonly mustExplain: () => boolean;
  /** Explains it. Resolves to false when the user would rather not quit. */
  readonly explain: () => Promise<boolean>;
  /** Stops the engine and saves what must be saved. Takes a few seconds at most. */
  readonly stop: () => Promise<void>;
  /** Ends the app, which calls `mayEnd` again. */
  readonly end: () => void;
}

/** Quitting the app: requested by ⌘Q, the menu, the tray, a signal or the system. */
export interface QuitSequence {
  /** Returns true once nothing is left to do. Until then the end is postponed, and happens by itself. */
  mayEnd(): boolean;
  /** Ends without a question, because somebody else decided (a signal, the end of the session). */
  endUnasked(): void;
  /** Returns true once quitting cannot be canceled any more. */
  isUnderWay(): boolean;
}

/** Explains if necessary, stops, then ends. Errors on the way do not keep the app from ending. */
export function createQuitSequence({ mustExplain, explain, stop, end }: QuitDeps): QuitSequence {
  let phase: 'idle' | 'asking' | 'stopping' | 'done' = 'idle';

  async function run(): Promise<void> {
    if (mustExplain()) {
      phase = 'asking';
      const goesOn = await explain().catch(() => true);
      if (phase !== 'asking') return;
      if (!goesOn) {
        phase = 'idle';
        return;
      }
    }
    await finish();
  }

  async function finish(): Promise<void> {
    phase = 'stopping';
    await stop().catch(() => undefined);
    phase = 'done';
    end();
  }

  return {
    mayEnd: () => {
      if (phase === 'idle') void run();
      return phase === 'done';
    },
    endUnasked: () => {
      if (phase === 'idle' || phase === 'asking') void finish();
    },
    isUnderWay: () => phase === 'stopping' || phase === 'done',
  };
}
