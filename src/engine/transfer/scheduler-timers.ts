/** How often streams are measured, flushed and compared. */
const TICK_MS = 250;
/** A scheduler that rests goes on by itself after so long, should a wake-up never be told. Clocks stand still during sleep. */
const REST_MS = 60_000;

/** What the timers of a scheduler call. */
export interface TimerWork {
  readonly onTick: () => void;
  /** A host may be asked again. */
  readonly onWake: () => void;
  readonly onRestOver: () => void;
  /** What of these was thrown: a mistake in a timer ends one transfer, not the process with all others. */
  readonly onError: (error: unknown) => void;
}

/** When a scheduler looks at its streams, asks a host again, and ends a rest. */
export class SchedulerTimers {
  readonly #work: TimerWork;
  #tick: NodeJS.Timeout | null = null;
  #wake: NodeJS.Timeout | null = null;
  #rest: NodeJS.Timeout | null = null;

  constructor(work: TimerWork) {
    this.#work = work;
  }

  get isResting(): boolean {
    return this.#rest !== null;
  }

  startTicking(): void {
    this.#tick ??= setInterval(this.#guarded(this.#work.onTick), TICK_MS);
  }

  /** In place of the wake-up that was set before; infinity for none. */
  wakeIn(delayMs: number): void {
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = Number.isFinite(delayMs) ? setTimeout(this.#guarded(this.#work.onWake), delayMs) : null;
  }

  startRest(): void {
    this.#rest ??= setTimeout(this.#guarded(this.#work.onRestOver), REST_MS);
  }

  endRest(): void {
    if (this.#rest) clearTimeout(this.#rest);
    this.#rest = null;
  }

  stop(): void {
    this.endRest();
    this.wakeIn(Number.POSITIVE_INFINITY);
    if (this.#tick) clearInterval(this.#tick);
  }

  #guarded(work: () => void): () => void {
    return () => {
      try {
        work();
      } catch (error) {
        this.#work.onError(error);
      }
    };
  }
}
