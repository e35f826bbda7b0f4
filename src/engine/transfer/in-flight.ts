/** Tracks the attempts that have not ended yet, by what they are for. */
export class InFlightTracker<K> {
  readonly #running = new Map<K, Set<Promise<void>>>();

  /** Keys that have attempts, or had some that were not awaited yet. */
  get keys(): Iterable<K> {
    return this.#running.keys();
  }

  /** Tracks an attempt until it ends. The promise must not reject. */
  track(key: K, attempt: Promise<void>): void {
    const running = this.#running.get(key) ?? new Set();
    this.#running.set(key, running.add(attempt));
    void attempt.finally(() => running.delete(attempt));
  }

  /** Resolves when all attempts for `key` have ended, including those that begin in the meantime, and drops the key. */
  async ended(key: K): Promise<void> {
    while (this.#running.get(key)?.size) await Promise.all(this.#running.get(key) ?? []);
    this.#running.delete(key);
  }
}
