/** Attempts that have not ended yet, by what they are for. */
export class InFlightTracker<K> {
  readonly #running = new Map<K, Set<Promise<void>>>();

  /** What has attempts that have not ended, or had some. */
  get keys(): Iterable<K> {
    return this.#running.keys();
  }

  /** Remembers an attempt, which must not reject, until it ends. */
  track(key: K, attempt: Promise<void>): void {
    const running = this.#running.get(key) ?? new Set();
    this.#running.set(key, running.add(attempt));
    void attempt.finally(() => running.delete(attempt));
  }

  /** Resolves when all attempts for `key` have ended, those included that begin meanwhile, and forgets it. */
  async ended(key: K): Promise<void> {
    while (this.#running.get(key)?.size) await Promise.all(this.#running.get(key) ?? []);
    this.#running.delete(key);
  }
}
