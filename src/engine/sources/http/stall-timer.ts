/** Calls back after a silence. One timer for the life of a request; a touch costs no allocation. */
export class StallTimer {
  readonly #timeoutMs: () => number;
  readonly #onStall: (silentMs: number) => void;
  #timer: NodeJS.Timeout | null = null;
  #lastTouchMs = 0;

  /** `timeoutMs` is called each time, so that a weak network may be given more patience while a request runs. */
  constructor(timeoutMs: () => number, onStall: (silentMs: number) => void) {
    this.#timeoutMs = timeoutMs;
    this.#onStall = onStall;
  }

  /** Starts counting silence from now. */
  arm(): void {
    this.touch();
    if (!this.#timer) this.#schedule(this.#timeoutMs());
  }

  /** A byte arrived. */
  touch(): void {
    this.#lastTouchMs = performance.now();
  }

  /** Stops counting, for example while the receiver itself is busy. */
  suspend(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const silentMs = performance.now() - this.#lastTouchMs;
      const restMs = this.#timeoutMs() - silentMs;
      if (restMs > 0) this.#schedule(restMs);
      else this.#onStall(silentMs);
    }, delayMs);
  }
}
