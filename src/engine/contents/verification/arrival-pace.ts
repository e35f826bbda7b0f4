/** Bytes per second above which a content comes faster than a line of a gigabit brings it. */
const FAST_BYTES_PER_SECOND = 150_000_000;
/** The pace is that of the last second; so few parts of it are kept apart. */
const WINDOW_MS = 1000;
const PARTS = 4;

/** How fast a content comes, as far as it matters for what is done beside. */
export class ArrivalPace {
  readonly #now: () => number;
  /** Bytes by part of the window; the part that is under way last. */
  readonly #parts: number[] = Array(PARTS + 1).fill(0);
  #part: number;

  /** `now` in milliseconds, on a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#part = this.#partNow();
  }

  add(bytes: number): void {
    this.#advance();
    this.#parts[PARTS] = (this.#parts[PARTS] ?? 0) + bytes;
  }

  /** True while it comes so fast that the processor is what limits it. */
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
