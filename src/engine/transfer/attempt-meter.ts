import { type AttemptPace, FLOOR_WINDOW_MS } from './slow-streams.ts';

/** Half-life of an attempt's moving average, in milliseconds. */
const HALF_LIFE_MS = 2000;

/**
 * Measures the pace of one attempt, sampled on each tick of the scheduler. Counts only time in which the attempt could
 * have made progress: waiting for a URL, for our disk or for the speed limit is not slowness.
 */
export class AttemptMeter implements AttemptPace {
  readonly #now: () => number;
  readonly #window: { readonly atMs: number; readonly bytes: number }[] = [];
  /** Number of reasons to stop the clock; the meter runs while it is 0. */
  #holds = 0;
  /** Active time up to `#sinceMs`, when it was last updated or the clock started. */
  #activeMs = 0;
  #sinceMs: number;
  #sampledMs = 0;
  #lastByteMs = 0;
  #bytes = 0;
  #mean = 0;
  #windowBytes = 0;

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
    this.#sinceMs = now();
  }

  get ageMs(): number {
    return this.#active();
  }

  get bytesPerSecond(): number {
    return this.#mean;
  }

  get windowBytes(): number {
    return this.#windowBytes;
  }

  /** Active time since the last byte, or since the start. */
  get silentMs(): number {
    return this.#active() - this.#lastByteMs;
  }

  /** Stops this attempt's clock until {@link release} has been called as often. */
  hold(): void {
    this.#active();
    this.#holds += 1;
  }

  release(): void {
    this.#active();
    this.#holds -= 1;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#lastByteMs = this.#active();
  }

  /** Folds the bytes received since the last call into the moving average and the window. */
  sample(): void {
    const activeMs = this.#active();
    const elapsedMs = activeMs - this.#sampledMs;
    if (elapsedMs <= 0) return;
    const rate = (this.#bytes * 1000) / elapsedMs;
    const keep = this.#mean === 0 ? 0 : 0.5 ** (elapsedMs / HALF_LIFE_MS);
    this.#mean = this.#mean * keep + rate * (1 - keep);
    this.#window.push({ atMs: activeMs, bytes: this.#bytes });
    this.#windowBytes += this.#bytes;
    while (this.#window[0] && this.#window[0].atMs < activeMs - FLOOR_WINDOW_MS) {
      this.#windowBytes -= this.#window.shift()?.bytes ?? 0;
    }
    this.#bytes = 0;
    this.#sampledMs = activeMs;
  }

  #active(): number {
    const now = this.#now();
    if (this.#holds === 0) this.#activeMs += now - this.#sinceMs;
    this.#sinceMs = now;
    return this.#activeMs;
  }
}
