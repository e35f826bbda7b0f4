import type { Transport, TransportChoice, TransportReason } from '../../shared/model/transport.ts';

/** Smaller attempts say little about a transport: most of their time is latency. */
const TELLING_BYTES = 8 * 1024 * 1024;
/** This many attempts of each make a comparison. */
const ENOUGH_ATTEMPTS = 3;
/** Weight of an attempt in the average of its transport. */
const NEWEST_SHARE = 0.3;
/** The other transport takes over when it is faster by this factor: below that it is chance. */
const CLEARLY = 1.1;
/** Every this many attempts the other transport is tried. */
const TRIAL_EVERY = 12;
/** How long a transport that failed is left alone; doubled each time, up to the cap. Milliseconds. */
const OUT_OF_USE_MS = 60_000;
const OUT_OF_USE_CAP_MS = 3_600_000;

/** Bytes and time of one transport so far. */
interface Pace {
  attempts: number;
  bytesPerSecond: number;
}

/**
 * Chooses the transport of the next attempt: HTTP, until Xet proves faster; then the other one is tried now and then.
 * Compares bytes of the file per second of an attempt: on a shared link, what is stored compressed arrives sooner.
 * Shared by all downloads from one Hub.
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

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns the usual transport now, and the reason. */
  reason(choice: TransportChoice): TransportReason {
    if (choice === 'http') return { transport: 'http', because: 'asked', failure: null };
    if (this.#isOutOfUse()) return { transport: 'http', because: 'other-failed', failure: this.#failure };
    if (choice === 'xet') return { transport: 'xet', because: 'asked', failure: null };
    const isCompared = Object.values(this.#paces).every(({ attempts }) => attempts >= ENOUGH_ATTEMPTS);
    return { transport: this.#usual, because: isCompared ? 'faster' : 'default', failure: null };
  }

  /**
   * Returns the transport of the next attempt, which may be a trial of the other one. `rangeBytes` is the size of its
   * range.
   */
  next(choice: TransportChoice, rangeBytes: number): Transport {
    const { transport, because } = this.reason(choice);
    if (choice !== 'auto' || because === 'other-failed' || rangeBytes < TELLING_BYTES) return transport;
    this.#since += 1;
    if (this.#since < TRIAL_EVERY) return transport;
    this.#since = 0;
    return transport === 'http' ? 'xet' : 'http';
  }

  /** Records an attempt that began at `startedMs` and has received that many bytes of a file. */
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
   * Records that Xet failed where HTTP may work, in an attempt that began at `startedMs`. Attempts that ran together
   * and fail together are one failure. @returns how long it is left alone, in milliseconds
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
