import { BUCKET_MS, changePoint, KEPT_BUCKETS, speedOf } from './speed-estimate.ts';

/** After this silence the speed is 0, whatever the average. */
export const SILENCE_MS = 3000;
/** No remaining time is reported before a run has been observed for this long. */
const SETTLING_MS = 3000;
/** Less than this share of the usual speed for {@link SILENCE_MS} is reported as "no data". */
const NEXT_TO_NOTHING = 0.01;
const SILENCE_BUCKETS = SILENCE_MS / BUCKET_MS;
/** Time after a change until the buffers on the way are empty, in milliseconds. */
const DRAIN_MS = 500;
/** Half-life of the usual speed, in milliseconds. */
const USUAL_HALF_LIFE_MS = 60_000;

/**
 * Speed of a download, calculated from its received bytes. Pure except for the clock. The time of a run counts from its
 * first byte; pauses, waits and time in the queue are not part of any average.
 */
export class Throughput {
  readonly #now: () => number;
  /** Bytes of each finished bucket of {@link BUCKET_MS}, oldest first. */
  #history: number[] = [];
  /** Index of the first bucket that belongs to the current speed. */
  #from = 0;
  /** Bytes since {@link #openedMs}. */
  #open = 0;
  #openedMs = 0;
  #startedMs: number | null = null;
  #lastByteMs: number | null = null;
  #usual = 0;
  /** Before this time the usual speed is not updated. */
  #usualFromMs = 0;
  #starvedSinceMs: number | null = null;
  /** When a new speed begins, whatever is measured until then. */
  #beginAtMs = Number.POSITIVE_INFINITY;
  #totalBytes = 0;

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(bytes: number): void {
    this.#totalBytes += bytes;
    const now = this.#now();
    this.#lastByteMs = now;
    if (this.#startedMs === null) {
      // The bytes of the first moment arrived in a time that nobody measured.
      this.#startedMs = now;
      this.#openedMs = now;
      return;
    }
    this.#closeBuckets(now);
    this.#open += bytes;
  }

  /** All bytes added so far. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Milliseconds since the last byte; null before the first. */
  get silentMs(): number | null {
    return this.#lastByteMs === null ? null : this.#now() - this.#lastByteMs;
  }

  /**
   * Milliseconds in which nothing was received, or less than 1 % of the usual; null while it is less than {@link
   * SILENCE_MS}.
   */
  get noDataMs(): number | null {
    const { silentMs } = this;
    if (silentMs === null || this.#startedMs === null) return null;
    this.#closeBuckets(this.#now());
    const starvedMs = this.#starvedSinceMs === null ? 0 : this.#now() - this.#starvedSinceMs;
    const ms = Math.max(silentMs, starvedMs);
    return ms >= SILENCE_MS ? ms : null;
  }

  get bytesPerSecond(): number {
    const { silentMs } = this;
    if (silentMs === null || silentMs >= SILENCE_MS || this.#startedMs === null) return 0;
    this.#closeBuckets(this.#now());
    const present = this.#history.slice(this.#from);
    return Math.round(speedOf(present.length > 0 ? present : this.#history.slice(-1)));
  }

  /** Seconds until `bytes` more are received at {@link bytesPerSecond}; null during silence, and in the first 3 s. */
  etaSeconds(bytes: number): number | null {
    if (bytes <= 0) return 0;
    const { bytesPerSecond } = this;
    if (bytesPerSecond === 0 || this.#startedMs === null || this.noDataMs !== null) return null;
    return this.#now() - this.#startedMs < SETTLING_MS ? null : Math.ceil(bytes / bytesPerSecond);
  }

  /** Clears the history, because a run begins. */
  reset(): void {
    this.#history = [];
    this.#from = 0;
    this.#open = 0;
    this.#startedMs = null;
    this.#lastByteMs = null;
    this.#forgetUsual();
  }

  /**
   * The available bandwidth changed because a speed limit was set. Sockets and buffers still deliver at the old rate
   * for a moment.
   */
  lineChanged(): void {
    this.#forgetUsual();
    this.#beginAtMs = this.#now() + DRAIN_MS;
    this.#usualFromMs = this.#beginAtMs + SILENCE_MS;
  }

  #forgetUsual(): void {
    this.#usual = 0;
    this.#starvedSinceMs = null;
    this.#beginAtMs = Number.POSITIVE_INFINITY;
    this.#usualFromMs = 0;
  }

  /** Closes the buckets up to now. */
  #closeBuckets(now: number): void {
    const over = Math.floor((now - this.#openedMs) / BUCKET_MS);
    // After a long gap only its end matters.
    const skipped = Math.max(0, over - KEPT_BUCKETS);
    this.#openedMs += skipped * BUCKET_MS;
    for (let left = over - skipped; left > 0; left -= 1) {
      this.#openedMs += BUCKET_MS;
      this.#close();
    }
  }

  #close(): void {
    this.#history.push(this.#open);
    this.#open = 0;
    if (this.#history.length > KEPT_BUCKETS) {
      this.#history.shift();
      this.#from = Math.max(0, this.#from - 1);
    }
    if (this.#openedMs >= this.#beginAtMs) {
      this.#from = this.#history.length;
      this.#beginAtMs = Number.POSITIVE_INFINITY;
    }
    this.#from += changePoint(this.#history.slice(this.#from));
    this.#judgeStarvation(this.#history.slice(-SILENCE_BUCKETS));
  }

  #judgeStarvation(latest: readonly number[]): void {
    if (this.#openedMs < this.#usualFromMs) return;
    const speed = speedOf(latest);
    const isStarved = latest.length === SILENCE_BUCKETS && speed < NEXT_TO_NOTHING * this.#usual;
    if (!isStarved) this.#starvedSinceMs = null;
    else this.#starvedSinceMs ??= this.#openedMs - SILENCE_MS;
    const keep = 0.5 ** (BUCKET_MS / USUAL_HALF_LIFE_MS);
    this.#usual = Math.max(speed, this.#usual * keep);
  }
}
