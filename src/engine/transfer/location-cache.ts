import { AppError } from '../../shared/contract/errors.ts';

/** Where the content of a blob can be fetched for a while. The URL is a secret: it is kept in memory only. */
export interface Location {
  readonly url: string;
  /** Milliseconds since the epoch; null when the URL does not say. */
  readonly expiresAtMs: number | null;
}

/** A URL is renewed when it has less than this left, so that no request starts on one that is about to end. */
const RENEW_BEFORE_MS = 30_000;

/** So many fresh URLs in a row may be refused before the refusal is told to the user. */
const MAX_REFUSALS = 3;

/** The signed URL of one blob, renewed by one stream for all of them. */
export class LocationCache {
  readonly #locate: (signal: AbortSignal) => Promise<Location>;
  readonly #now: () => number;
  #current: Location | null = null;
  #renewal: Promise<Location> | null = null;
  #refusals = 0;

  constructor(locate: (signal: AbortSignal) => Promise<Location>, now: () => number) {
    this.#locate = locate;
    this.#now = now;
  }

  /** Host that the next request will go to first, or null when a URL must be asked for. */
  get host(): string | null {
    return this.#current && !this.#isEnding(this.#current) ? new URL(this.#current.url).host : null;
  }

  async get(signal: AbortSignal): Promise<Location> {
    if (this.#current && !this.#isEnding(this.#current)) return this.#current;
    this.#renewal ??= this.#renew(signal).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /** A request with this URL worked. */
  accepted(): void {
    this.#refusals = 0;
  }

  /**
   * The server refused this URL (401 or 403). The next request asks for a new one; streams that were refused with
   * an older URL change nothing. Throws `refusal`, no longer retryable, when fresh URLs are refused again and again.
   */
  refused(location: Location, refusal: AppError): void {
    if (location !== this.#current) return;
    this.#current = null;
    this.#refusals += 1;
    if (this.#refusals >= MAX_REFUSALS) {
      this.#refusals = 0;
      throw new AppError(refusal.code, refusal.message, { retryable: false, details: refusal.details });
    }
  }

  /** Forgets the URL, for instance after its host could not be reached. */
  forget(): void {
    this.#current = null;
  }

  async #renew(signal: AbortSignal): Promise<Location> {
    this.#current = await this.#locate(signal);
    return this.#current;
  }

  #isEnding({ expiresAtMs }: Location): boolean {
    return expiresAtMs !== null && expiresAtMs - this.#now() < RENEW_BEFORE_MS;
  }
}
