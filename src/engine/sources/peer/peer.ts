import type { AppError } from '../../../shared/contract/errors.ts';

/** How long a peer that failed is left alone, doubled each time up to the cap. Milliseconds. */
const REST_MS = 5000;
const REST_CAP_MS = 600_000;

/** Location and name of a computer. */
export interface PeerAddress {
  /** Identifies it: the id of its announcement, or its address. */
  readonly id: string;
  /** `http://192.168.1.20:8900`, without a trailing slash. */
  readonly url: string;
  /** For people; safe to show. */
  readonly name: string;
  /** True for one that the user specified by its address. */
  readonly isNamed: boolean;
}

/** A computer that may have contents: the contents it announced, and the results of using them. */
export class Peer {
  readonly address: PeerAddress;
  readonly #now: () => number;
  /** Hash → size in bytes, as announced. */
  readonly #has = new Map<string, number>();
  readonly #asked = new Set<string>();
  #isExcluded = false;
  #failures = 0;
  #failedMs = Number.NEGATIVE_INFINITY;
  #restUntilMs = 0;

  /** @param now milliseconds on a monotonic clock */
  constructor(address: PeerAddress, now: () => number) {
    this.address = address;
    this.#now = now;
  }

  get host(): string {
    return new URL(this.address.url).host;
  }

  /** True after bytes from it were wrong: it is not used again in this run. */
  get isExcluded(): boolean {
    return this.#isExcluded;
  }

  get mayBeAsked(): boolean {
    return !this.#isExcluded && this.#now() >= this.#restUntilMs;
  }

  /** Returns the hashes about which it was not asked yet; they count as asked from now on. */
  toAsk(hashes: Iterable<string>): string[] {
    const unasked = [...hashes].filter((hash) => !this.#asked.has(hash));
    for (const hash of unasked) this.#asked.add(hash);
    return unasked;
  }

  /** Records the contents it announced. */
  has(contents: ReadonlyMap<string, number>): void {
    for (const [hash, size] of contents) this.#has.set(hash, size);
  }

  /** Lets it be asked about a content again. */
  forget(hash: string): void {
    this.#asked.delete(hash);
    this.#has.delete(hash);
  }

  holds(hash: string, size: number): boolean {
    return this.#has.get(hash) === size;
  }

  /** Records a failure of an attempt that began at `startedMs`. What began before the last failure is part of it. */
  failed(error: AppError, hash: string | null, startedMs: number): void {
    if (hash !== null && error.details.status === 404) this.#has.delete(hash);
    if (startedMs <= this.#failedMs) return;
    this.#failedMs = this.#now();
    this.#restUntilMs = this.#now() + Math.min(REST_CAP_MS, REST_MS * 2 ** this.#failures);
    this.#failures += 1;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  exclude(): void {
    this.#isExcluded = true;
  }
}
