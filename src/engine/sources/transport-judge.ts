import type { Transport, TransportChoice, TransportReason } from '../../shared/model/transport.ts';

/** Attempts below so many bytes say little about a transport: most of their time is latency. */
const TELLING_BYTES = 8 * 1024 * 1024;
/** So many attempts of each make a comparison. */
const ENOUGH_ATTEMPTS = 3;
/** Weight of an attempt in the mean of its transport. */
const NEWEST_SHARE = 0.3;
/** The other transport takes over when it is faster by this factor: below that it is chance. */
const CLEARLY = 1.1;
/** Every so many attempts the other transport is tried. */
const TRIAL_EVERY = 12;
/** How long a transport that failed is left alone; doubled each time, up to the cap. Milliseconds. */
const OUT_OF_USE_MS = 60_000;
const OUT_OF_USE_CAP_MS = 3_600_000;

/** What one transport brought so far. */
interface Pace {
  attempts: number;
  bytesPerSecond: number;
}

/**
 * Which transport the next attempt takes. HTTP, until Xet proved faster; then the other one is tried now and then. Bytes of the
 * file per second of a stream are compared: where a line is shared, what is stored compressed arrives sooner. Shared by all
 * downloads from one Hub.
 */
export class TransportJudge {
  readonly #now: () => number;
  readonly #paces: Readonly<Record<Transport, Pace>> = {
    http: { attempts: 0, bytesPerSecond: 0 },
    xet: { attempts: 0, bytesPerSecond: 0 },
  };
  #usual: Transport = 'http';
  #since = 0;
  #failures = 0;
  #outUntilMs = 0;
  #failedMs = 0;
  #failure: string | null = null;

  /** `now` in milliseconds, on a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What is usual now, and why. */
  reason(choice: TransportChoice): TransportReason {
    if (choice === 'http') return { transport: 'http', because: 'asked', failure: null };
    if (this.#isOutOfUse()) return { transport: 'http', because: 'other-failed', failure: this.#failure };
    if (choice === 'xet') return { transport: 'xet', because: 'asked', failure: null };
    const isCompared = Object.values(this.#paces).every(({ attempts }) => attempts >= ENOUGH_ATTEMPTS);
    return { transport: this.#usual, because: isCompared ? 'faster' : 'default', failure: null };
  }

  /** The transport of the next attempt, which may be a trial of the other one. `rangeBytes` is what it is to bring. */
  next(choice: TransportChoice, rangeBytes: number): Transport {
    const { transport, because } = this.reason(choice);
    if (choice !== 'auto' || because === 'other-failed' || rangeBytes < TELLING_BYTES) return transport;
    this.#since += 1;
    if (this.#since < TRIAL_EVERY) return transport;
    this.#since = 0;
    return transport === 'http' ? 'xet' : 'http';
  }

  /** An attempt that began at `startedMs` brought so many bytes of a file until now. */
  measured(transport: Transport, bytes: number, startedMs: number): void {
    const durationMs = this.#now() - startedMs;
    if (transport === 'xet' && startedMs >= this.#failedMs) this.#failures = 0;
    if (bytes < TELLING_BYTES || durationMs <= 0) return;
    const pace = this.#paces[transport];
    const bytesPerSecond = (bytes * 1000) / durationMs;
    const share = pace.attempts === 0 ? 1 : NEWEST_SHARE;
    pace.bytesPerSecond += (bytesPerSecond - pace.bytesPerSecond) * share;
    pace.attempts += 1;
    this.#compare();
  }

  /**
   * Xet failed where HTTP may do, in an attempt that began at `startedMs`. Attempts that were under way together and fail together
   * are one failure. @returns for how long it is left alone, in milliseconds
   */
  failed(message: string, startedMs: number): number {
    if (this.#failures > 0 && startedMs < this.#failedMs) return Math.max(0, this.#outUntilMs - this.#now());
    this.#failedMs = this.#now();
    const restMs = Math.min(OUT_OF_USE_MS * 2 ** this.#failures, OUT_OF_USE_CAP_MS);
    this.#failures += 1;
    this.#failure = message;
    this.#outUntilMs = this.#now() + restMs;
    return restMs;
  }

  #isOutOfUse(): boolean {
    return this.#now() < this.#outUntilMs;
  }

  #compare(): void {
    const other = this.#usual === 'http' ? 'xet' : 'http';
    const [usual, tried] = [this.#paces[this.#usual], this.#paces[other]];
    if (usual.attempts < ENOUGH_ATTEMPTS || tried.attempts < ENOUGH_ATTEMPTS) return;
    if (tried.bytesPerSecond > usual.bytesPerSecond * CLEARLY) this.#usual = other;
  }
}
