import { AppError } from '../../../shared/contract/errors.ts';
import { SharedQuestion } from '../shared-question.ts';

/** Where a content can be fetched for a while. The URL is a secret: it is kept in memory only. */
export interface Location {
  readonly url: string;
  /** Milliseconds since the epoch; null when unknown. */
  readonly expiresAtMs: number | null;
}

/** A URL is renewed when it has less than this left, so that no request starts on one that is about to expire. */
const RENEW_BEFORE_MS = 30_000;
/** A URL that was just received is valid, whatever this computer's clock says about its expiry. */
const SURELY_GOOD_MS = 10_000;
/**
 * How many new URLs in a row may be refused, at all or for the same range, before the refusal is reported to the user.
 */
const MAX_REFUSALS = 3;

/** The signed URL of one content, renewed once for all attempts that need it. */
export class SignedUrlCache {
  readonly #locate: (signal: AbortSignal) => Promise<Location>;
  readonly #now: () => number;
  #current: Location | null = null;
  #renewedMs = 0;
  readonly #question = new SharedQuestion<Location>();
  #refusals = 0;
  /** Consecutive refusals by the start of the range: a URL may be valid for one range and for no other. */
  readonly #rangeRefusals = new Map<number, number>();

  /** @param now milliseconds since the epoch */
  constructor(locate: (signal: AbortSignal) => Promise<Location>, now: () => number) {
    this.#locate = locate;
    this.#now = now;
  }

  /** Host of the next request, or null when a URL must be requested first. */
  get host(): string | null {
    return this.#current && !this.#isEnding(this.#current) ? new URL(this.#current.url).host : null;
  }

  /** Returns the URL to use now. Rejects with the Hub's error, or with the reason of `signal`. */
  async get(signal: AbortSignal): Promise<Location> {
    signal.throwIfAborted();
    if (this.#current && !this.#isEnding(this.#current)) return this.#current;
    return this.#question.ask((asking) => this.#ask(asking), signal);
  }

  /** Records that a request for the range that begins at `start` worked. */
  accepted(start: number): void {
    this.#refusals = 0;
    this.#rangeRefusals.delete(start);
  }

  /**
   * Records that the server refused this URL (401 or 403) for the range that begins at `start`. The next request gets a
   * new one; attempts that were refused with an older URL change nothing. Throws `refusal`, no longer retryable, when
   * new URLs are refused again and again.
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

  /** Drops this URL, for example when its host could not be reached: the Hub may name another one. */
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
