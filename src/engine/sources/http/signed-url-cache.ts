import { AppError } from '../../../shared/contract/errors.ts';
import { SharedQuestion } from '../shared-question.ts';

/** Where the content of a blob can be fetched for a while. The URL is a secret: it is kept in memory only. */
export interface Location {
  readonly url: string;
  /** Milliseconds since the epoch; null when the URL does not say. */
  readonly expiresAtMs: number | null;
}

/** A URL is renewed when it has less than this left, so that no request starts on one that is about to end. */
const RENEW_BEFORE_MS = 30_000;
/** A URL that was given just now is good, whatever the clock of this machine says about its end. */
const SURELY_GOOD_MS = 10_000;
/** So many fresh URLs in a row may be refused, at all or for the same range, before the refusal is told to the user. */
const MAX_REFUSALS = 3;

/** The signed URL of one blob, renewed once for all streams that need it. */
export class SignedUrlCache {
  readonly #locate: (signal: AbortSignal) => Promise<Location>;
  readonly #now: () => number;
  #current: Location | null = null;
  #renewedMs = 0;
  readonly #question = new SharedQuestion<Location>();
  #refusals = 0;
  /** Refusals in a row by the start of the range: a URL may be good for one range and for no other. */
  readonly #rangeRefusals = new Map<number, number>();

  /** `now` in milliseconds since the epoch. */
  constructor(locate: (signal: AbortSignal) => Promise<Location>, now: () => number) {
    this.#locate = locate;
    this.#now = now;
  }

  /** Host that the next request will go to first, or null when a URL must be asked for. */
  get host(): string | null {
    return this.#current && !this.#isEnding(this.#current) ? new URL(this.#current.url).host : null;
  }

  /** The URL to use now. Rejects with what the Hub answers, or with the reason of `signal`. */
  async get(signal: AbortSignal): Promise<Location> {
    signal.throwIfAborted();
    if (this.#current && !this.#isEnding(this.#current)) return this.#current;
    return this.#question.ask((asking) => this.#ask(asking), signal);
  }

  /** A request for the range that begins at `start` worked. */
  accepted(start: number): void {
    this.#refusals = 0;
    this.#rangeRefusals.delete(start);
  }

  /**
   * The server refused this URL (401 or 403) for the range that begins at `start`. The next request asks for a new one;
   * streams that were refused with an older URL change nothing. Throws `refusal`, no longer retryable, when fresh URLs
   * are refused again and again.
   */
  refused(location: Location, refusal: AppError, start: number): void {
    if (location !== this.#current) return;
    this.#current = null;
    this.#refusals += 1;
    const forThisRange = (this.#rangeRefusals.get(start) ?? 0) + 1;
    this.#rangeRefusals.set(start, forThisRange);
    if (Math.max(this.#refusals, forThisRange) >= MAX_REFUSALS) {
      this.#refusals = 0;
      this.#rangeRefusals.clear();
      throw new AppError(refusal.code, refusal.message, { retryable: false, details: refusal.details });
    }
  }

  /** Forgets this URL, for instance after its host could not be reached: the Hub may name another one. */
  forget(location: Location): void {
    if (location === this.#current) this.#current = null;
  }

  async #ask(signal: AbortSignal): Promise<Location> {
    const location = await this.#locate(signal);
    this.#current = location;
    this.#renewedMs = this.#now();
    return location;
  }

  #isEnding({ expiresAtMs }: Location): boolean {
    const now = this.#now();
    if (expiresAtMs === null || expiresAtMs - now >= RENEW_BEFORE_MS) return false;
    return now - this.#renewedMs >= SURELY_GOOD_MS;
  }
}
