/** What {@link createQuitSequence} needs. */
export interface QuitDeps {
  /** True when something is unfinished and the user was not told yet what becomes of it. */
  readonly mustExplain: () => boolean;
  /** Tells it. Resolves to false when the user would rather not quit. */
  readonly explain: () => Promise<boolean>;
  /** Ends the engine and saves what is to be saved. Takes a few seconds at the most. */
  readonly stop: () => Promise<void>;
  /** Lets the app end; it comes back through `mayEnd`. */
  readonly end: () => void;
}

/** The way out of the app: asked for by ⌘Q, the menu, the tray, a signal or the system. */
export interface QuitSequence {
  /** True once nothing is left to do. Until then the end is put off, and comes by itself. */
  mayEnd(): boolean;
  /** Without a question: somebody else decided (a signal, the end of the session). */
  endUnasked(): void;
  /** True from the moment at which quitting cannot be called off any more. */
  isUnderWay(): boolean;
}

/** Asks where something is to be explained, stops, then ends. What fails on the way does not keep the app from ending. */
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
