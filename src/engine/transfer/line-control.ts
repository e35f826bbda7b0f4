import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { Profile } from '../../shared/model/download.ts';
import {
  type ConcurrencyState,
  fixedStreams,
  observe,
  provenStreams,
  startConcurrency,
} from './concurrency.ts';

/** Silence after which an attempt is ended, and the same on a line that is weak as a whole. */
const STALL_MS = 30_000;
const WEAK_STALL_MS = 60_000;
const WEAK_LINE_BYTES_PER_SECOND = 50_000;
/** Half-life of the mean that decides whether a line is weak. */
const HALF_LIFE_MS = 5000;
/** Half-life of the memory of how fast a single stream was. */
const USUAL_HALF_LIFE_MS = 30_000;
/** After such a silence of the whole line an attempt that stalls says nothing about the number of streams. */
const DEAD_LINE_MS = 3000;

/** How many streams are wished for. */
export interface LineOptions {
  readonly profile: Profile;
  readonly workers: number | undefined;
  /** Streams that `auto` settled on for this host before. */
  readonly remembered: number | null;
}

/** Watches the line as a whole: how many streams it bears, and how much patience it deserves. */
export class LineControl {
  readonly #now: () => number;
  readonly #options: LineOptions;
  #concurrency: ConcurrencyState;
  #hasTrouble = false;
  #tickBytes = 0;
  #tickedMs: number;
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #usualBytesPerSecond = 0;
  /** Mean over the ticks in which something came: a line that fell silent does not become weak by it. */
  #bytesPerSecond: number | null = null;

  /** `now` in milliseconds, on a clock that never goes back. */
  constructor(now: () => number, options: LineOptions) {
    this.#now = now;
    this.#options = options;
    this.#tickedMs = now();
    this.#concurrency = startConcurrency(this.#tickedMs, options.remembered);
  }

  get wantedStreams(): number {
    return this.#fixed ?? this.#concurrency.streams;
  }

  /** The number that proved itself: without the one that is being tried. */
  get provenStreams(): number {
    return this.#fixed ?? provenStreams(this.#concurrency);
  }

  /** True when the number of streams is found by measuring. */
  get isMeasuring(): boolean {
    return this.#fixed === null;
  }

  /** Longest silence of a stream that is tolerated now. */
  get stallTimeoutMs(): number {
    const isWeak = this.#bytesPerSecond !== null && this.#bytesPerSecond < WEAK_LINE_BYTES_PER_SECOND;
    return isWeak && this.#options.profile !== 'very-weak' ? WEAK_STALL_MS : STALL_MS;
  }

  /** What the best single stream got lately, in bytes per second. */
  get usualBytesPerSecond(): number {
    return this.#usualBytesPerSecond;
  }

  arrived(bytes: number): void {
    this.#tickBytes += bytes;
    this.#lastByteMs = this.#now();
  }

  /** An attempt failed. Says something about the number of streams when the others go on. */
  failed(code: ErrorCode): void {
    const isAlive = this.#now() - this.#lastByteMs < DEAD_LINE_MS;
    const isStall = code === 'Timeout' || code === 'Stalled';
    if (code === 'RateLimited' || (isStall && isAlive)) this.#hasTrouble = true;
  }

  /** A stream had this speed for long enough, in time or bytes, that it is no burst out of some buffer. */
  streamReached(bytesPerSecond: number): void {
    this.#usualBytesPerSecond = Math.max(this.#usualBytesPerSecond, bytesPerSecond);
  }

  /** To be called a few times a second with the number of streams that are busy with more than small files. */
  tick(openStreams: number): void {
    const nowMs = this.#now();
    const elapsedMs = Math.max(1, nowMs - this.#tickedMs);
    this.#usualBytesPerSecond *= 0.5 ** (elapsedMs / USUAL_HALF_LIFE_MS);
    const sample = { nowMs, elapsedMs, bytes: this.#tickBytes, openStreams, trouble: this.#hasTrouble };
    this.#concurrency = observe(this.#concurrency, sample);
    if (this.#tickBytes > 0) this.#blend((this.#tickBytes * 1000) / elapsedMs, elapsedMs);
    this.#hasTrouble = false;
    this.#tickBytes = 0;
    this.#tickedMs = nowMs;
  }

  get #fixed(): number | null {
    return fixedStreams(this.#options.profile, this.#options.workers);
  }

  #blend(rate: number, elapsedMs: number): void {
    const keep = this.#bytesPerSecond === null ? 0 : 0.5 ** (elapsedMs / HALF_LIFE_MS);
    this.#bytesPerSecond = (this.#bytesPerSecond ?? 0) * keep + rate * (1 - keep);
  }
}
