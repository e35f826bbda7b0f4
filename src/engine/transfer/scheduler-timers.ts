/** How often attempts are measured, flushed and compared. */
const TICK_MS = 250;
/**
 * A resting scheduler resumes by itself after this time, in case no wake-up is ever reported. Clocks stop during sleep.
 */
const REST_MS = 60_000;

/** The callbacks of a scheduler's timers. */
export interface TimerWork {
  readonly onTick: () => void;
  /** Called when a host may be contacted again. */
  readonly onWake: () => void;
  readonly onRestOver: () => void;
  /** Called with what a callback threw: a bug in a timer ends one transfer, not the process with all others. */
  readonly onError: (error: unknown) => void;
}

/** Timers of a scheduler: measuring attempts, contacting a host again, and ending a rest. */
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

  /** Replaces the previous wake-up; infinity for none. */
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
