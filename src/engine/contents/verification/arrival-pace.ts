/** Bytes per second above which a content arrives faster than a gigabit network delivers. */
const FAST_BYTES_PER_SECOND = 150_000_000;
/** The pace is that of the last second, kept in this few parts. */
const WINDOW_MS = 1000;
const PARTS = 4;

/** Measures how fast a content arrives, to decide what else can be done at the same time. */
export class ArrivalPace {
  readonly #now: () => number;
  /** Bytes by part of the window; the current part last. */
  readonly #parts: number[] = Array(PARTS + 1).fill(0);
  #part: number;

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
    this.#part = this.#partNow();
  }

  add(bytes: number): void {
    this.#advance();
    this.#parts[PARTS] = (this.#parts[PARTS] ?? 0) + bytes;
  }

  /** True while it arrives so fast that the processor is the limit. */
  get isFast(): boolean {
    this.#advance();
    const bytes = this.#parts.reduce((sum, part) => sum + part, 0);
    return bytes * 1000 >= FAST_BYTES_PER_SECOND * WINDOW_MS;
  }

  #partNow(): number {
    return Math.floor((this.#now() * PARTS) / WINDOW_MS);
  }

  #advance(): void {
    const now = this.#partNow();
    for (; this.#part < now; this.#part = Math.max(this.#part + 1, now - PARTS)) {
      this.#parts.shift();
      this.#parts.push(0);
    }
  }
}
