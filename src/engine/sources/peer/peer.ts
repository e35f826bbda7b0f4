import type { AppError } from '../../../shared/contract/errors.ts';

/** A peer that failed is left alone for so long, doubled each time up to the cap. Milliseconds. */
const REST_MS = 5000;
const REST_CAP_MS = 600_000;

/** Where a machine is and what it is called. */
export interface PeerAddress {
  /** Tells it from the others: the id of its announcement, or its address. */
  readonly id: string;
  /** `http://192.168.1.20:8900`, without a slash at the end. */
  readonly url: string;
  /** For people; safe to show. */
  readonly name: string;
  /** True for one that the user named by its address. */
  readonly isNamed: boolean;
}

/** A machine that may have contents: what it says that it has, and what became of trusting it. */
export class Peer {
  readonly address: PeerAddress;
  readonly #now: () => number;
  /** Hash → size in bytes, as it says. */
  readonly #has = new Map<string, number>();
  readonly #asked = new Set<string>();
  #isExcluded = false;
  #failures = 0;
  #failedMs = Number.NEGATIVE_INFINITY;
  #restUntilMs = 0;

  /** `now` in milliseconds, on a clock that never goes back. */
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

  /** Those of the hashes about which it was not asked yet; they count as asked from now on. */
  toAsk(hashes: Iterable<string>): string[] {
    const unasked = [...hashes].filter((hash) => !this.#asked.has(hash));
    for (const hash of unasked) this.#asked.add(hash);
    return unasked;
  }

  /** It has these, as it says. */
  has(contents: ReadonlyMap<string, number>): void {
    for (const [hash, size] of contents) this.#has.set(hash, size);
  }

  /** It may be asked about a content again. */
  forget(hash: string): void {
    this.#asked.delete(hash);
    this.#has.delete(hash);
  }

  holds(hash: string, size: number): boolean {
    return this.#has.get(hash) === size;
  }

  /** It failed in an attempt that began at `startedMs`. What began before the last failure is part of it. */
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
