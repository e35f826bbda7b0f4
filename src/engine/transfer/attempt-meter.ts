import { type AttemptPace, FLOOR_WINDOW_MS } from './slow-streams.ts';

/** Half-life of a stream's own mean, in milliseconds. */
const HALF_LIFE_MS = 2000;

/**
 * Pace of one stream, sampled on each tick of the pool. It counts only the time in which the stream could have moved:
 * waiting for a URL, for our own disk or for the speed limit is not slowness.
 */
export class AttemptMeter implements AttemptPace {
  readonly #now: () => number;
  readonly #window: { readonly atMs: number; readonly bytes: number }[] = [];
  /** Reasons to stand still; the meter runs while there is none. */
  #holds = 0;
  /** Time that counts, up to `#sinceMs`, when it last began or was read. */
  #activeMs = 0;
  #sinceMs: number;
  #sampledMs = 0;
  #lastByteMs = 0;
  #bytes = 0;
  #mean = 0;
  #windowBytes = 0;

  /** `now` in milliseconds, on a clock that never goes back. */
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

  /** Time that counts since the last byte, or since the beginning. */
  get silentMs(): number {
    return this.#active() - this.#lastByteMs;
  }

  /** Time stands still for this stream until as many calls of {@link release}. */
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

  /** Folds what arrived since the last call into the mean and the window. */
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
