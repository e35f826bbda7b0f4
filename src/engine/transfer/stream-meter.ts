import { FLOOR_WINDOW_MS, type StreamPace } from './slow-streams.ts';

/** Half-life of a stream's own mean, in milliseconds. */
const HALF_LIFE_MS = 2000;

/** Pace of one stream, sampled on each tick of the pool. */
export class StreamMeter implements StreamPace {
  readonly #now: () => number;
  readonly #startedMs: number;
  readonly #window: { atMs: number; bytes: number }[] = [];
  #sampledMs: number;
  #bytes = 0;
  #mean = 0;
  #windowBytes = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#startedMs = now();
    this.#sampledMs = this.#startedMs;
  }

  get ageMs(): number {
    return this.#now() - this.#startedMs;
  }

  get bytesPerSecond(): number {
    return this.#mean;
  }

  get windowBytes(): number {
    return this.#windowBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  sample(): void {
    const now = this.#now();
    const elapsedMs = now - this.#sampledMs;
    if (elapsedMs <= 0) return;
    const rate = (this.#bytes * 1000) / elapsedMs;
    const keep = this.#mean === 0 ? 0 : 0.5 ** (elapsedMs / HALF_LIFE_MS);
    this.#mean = this.#mean * keep + rate * (1 - keep);
    this.#window.push({ atMs: now, bytes: this.#bytes });
    this.#windowBytes += this.#bytes;
    while (this.#window[0] && this.#window[0].atMs < now - FLOOR_WINDOW_MS) {
      this.#windowBytes -= this.#window.shift()?.bytes ?? 0;
    }
    this.#bytes = 0;
    this.#sampledMs = now;
  }
}
