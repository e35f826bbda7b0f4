import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { Profile } from '../../shared/model/download.ts';
import {
  type ConcurrencyState,
  fixedStreams,
  observe,
  provenStreams,
  startConcurrency,
} from './concurrency-controller.ts';
import type { SlotRules } from './connection-slots.ts';

/** Silence after which an attempt is ended, and the same for a link that is weak as a whole. */
const STALL_MS = 30_000;
const WEAK_STALL_MS = 60_000;
const WEAK_LINE_BYTES_PER_SECOND = 50_000;
/** An attempt that has waited this long for its first byte counts as answered: the byte may never come. */
const ANSWER_MS = 2000;
/** Half-life of the moving average that decides whether a link is weak. */
const HALF_LIFE_MS = 5000;
/** Half-life of the usual speed of a single attempt. */
const USUAL_HALF_LIFE_MS = 30_000;
/** After the whole link was silent for this long, an attempt that stalls says nothing about the number of streams. */
const DEAD_LINE_MS = 3000;
/**
 * An attempt that was silent for this share of its allowed silence, 5 s as a rule, has lost its slot to another one.
 */
const SILENT_SHARE = 1 / 6;
/**
 * Half-life of the count of attempts that fell silent; more than this number, or than this share of all, is too many.
 */
const SILENCES_HALF_LIFE_MS = 30_000;
const MANY_SILENCES = 3;
const MANY_SILENCES_SHARE = 0.5;
/**
 * The least number of streams that `auto` opens for small files, which cost latency and hardly any bandwidth. Measured
 * with 50 files, 50 ms away: 16 take 0.69 s, 32 take 0.60 s, 64 take 0.57 s.
 */
const SMALL_CLAIM_STREAMS = 32;

/** The fields of an open attempt that the monitor measures. */
export interface TickedStream {
  readonly silentMs: number;
  readonly ageMs: number;
  readonly deliveredBytes: number;
}

/** How many streams are requested. */
export interface LinkOptions {
  readonly profile: Profile;
  readonly workers: number | undefined;
  /** Number of streams that `auto` settled on for this host before. */
  readonly remembered: number | null;
  /** Share of the time since the last call that this process was busy. */
  readonly busyShare?: () => number;
}

/** Watches the link as a whole: how many streams it sustains, and how long a silence to tolerate. */
export class LinkMonitor {
  readonly #now: () => number;
  readonly #options: LinkOptions;
  #concurrency: ConcurrencyState;
  #hasTrouble = false;
  #tickBytes = 0;
  #tickedMs: number;
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #usualBytesPerSecond = 0;
  /** Attempts that fell silent while others received, decaying over time. */
  #silences = 0;
  /** Average over the ticks in which bytes came: silence does not turn a link into a weak one. */
  #bytesPerSecond: number | null = null;

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number, options: LinkOptions) {
    this.#now = now;
    this.#options = options;
    this.#tickedMs = now();
    this.#concurrency = startConcurrency(options.remembered);
  }

  get wantedStreams(): number {
    return this.#fixed ?? this.#concurrency.streams;
  }

  /** The number of streams that has proved itself: without the step being tried. */
  get provenStreams(): number {
    return this.#fixed ?? provenStreams(this.#concurrency);
  }

  /** True when the number of streams is determined by measuring. */
  get isMeasuring(): boolean {
    return this.#fixed === null;
  }

  /** The longest silence of an attempt that is tolerated now. */
  get stallTimeoutMs(): number {
    const isWeak = this.#bytesPerSecond !== null && this.#bytesPerSecond < WEAK_LINE_BYTES_PER_SECOND;
    return isWeak && this.#options.profile !== 'very-weak' ? WEAK_STALL_MS : STALL_MS;
  }

  /**
   * After this silence an attempt no longer counts: another one is opened next to it, and whichever receives first
   * stays.
   */
  get silentAfterMs(): number {
    return this.stallTimeoutMs * SILENT_SHARE;
  }

  /**
   * Returns the rules for connection slots. `forSmall` is true while small files are fetched, for which `auto` opens
   * more streams.
   */
  slotRules(forSmall: boolean): SlotRules {
    const { isMeasuring, silentAfterMs, wantedStreams } = this;
    const wanted = isMeasuring && forSmall ? Math.max(wantedStreams, SMALL_CLAIM_STREAMS) : wantedStreams;
    const hasSpares = isMeasuring || wanted > 1;
    return { nowMs: this.#now(), wanted, silentAfterMs, quietMs: this.#quietMs, hasSpares };
  }

  /** Recent speed of the best single attempt, in bytes per second. */
  get usualBytesPerSecond(): number {
    return this.#usualBytesPerSecond;
  }

  arrived(bytes: number): void {
    this.#tickBytes += bytes;
    this.#lastByteMs = this.#now();
  }

  /** Records a failed attempt. It says something about the number of streams when the other attempts continue. */
  failed(code: ErrorCode): void {
    const isAlive = this.#quietMs < DEAD_LINE_MS;
    const isStall = code === 'Timeout' || code === 'Stalled';
    if (code === 'RateLimited' || (isStall && isAlive)) this.#hasTrouble = true;
  }

  /**
   * Records that an attempt fell silent while others received, and was given up. One is chance; many in a short time
   * mean too many streams.
   */
  fellSilent(): void {
    this.#silences += 1;
    if (this.#silences < Math.max(MANY_SILENCES, this.wantedStreams * MANY_SILENCES_SHARE)) return;
    this.#silences = 0;
    this.#hasTrouble = true;
  }

  /** Records that an attempt held this speed for long enough, in time or bytes, not to be a burst out of a buffer. */
  streamReached(bytesPerSecond: number): void {
    this.#usualBytesPerSecond = Math.max(this.#usualBytesPerSecond, bytesPerSecond);
  }

  /** Call a few times a second, with the attempts that are fetching more than small files. */
  tick(streams: readonly TickedStream[]): void {
    const open = streams.filter(({ silentMs }) => silentMs < this.silentAfterMs);
    const answered = open.filter(({ deliveredBytes, ageMs }) => deliveredBytes > 0 || ageMs >= ANSWER_MS);
    const nowMs = this.#now();
    const elapsedMs = Math.max(1, nowMs - this.#tickedMs);
    this.#usualBytesPerSecond *= 0.5 ** (elapsedMs / USUAL_HALF_LIFE_MS);
    this.#silences *= 0.5 ** (elapsedMs / SILENCES_HALF_LIFE_MS);
    this.#concurrency = observe(this.#concurrency, {
      nowMs,
      elapsedMs,
      bytes: this.#tickBytes,
      openStreams: open.length,
      answeredStreams: answered.length,
      busyShare: this.#options.busyShare?.() ?? 0,
      trouble: this.#hasTrouble,
    });
    if (this.#tickBytes > 0) this.#blend((this.#tickBytes * 1000) / elapsedMs, elapsedMs);
    this.#hasTrouble = false;
    this.#tickBytes = 0;
    this.#tickedMs = nowMs;
  }

  get #fixed(): number | null {
    return fixedStreams(this.#options.profile, this.#options.workers);
  }

  /** Time since the last byte on any attempt. */
  get #quietMs(): number {
    return this.#now() - this.#lastByteMs;
  }

  #blend(rate: number, elapsedMs: number): void {
    const keep = this.#bytesPerSecond === null ? 0 : 0.5 ** (elapsedMs / HALF_LIFE_MS);
    this.#bytesPerSecond = (this.#bytesPerSecond ?? 0) * keep + rate * (1 - keep);
  }
}
