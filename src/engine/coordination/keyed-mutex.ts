/** One holder per key at a time; others wait in order. */
export class KeyedMutex {
  readonly #tails = new Map<string, Promise<void>>();
  readonly #holders = new Map<string, string>();

  /** Returns the current holder of a key by the name it gave; undefined for nobody. */
  holderOf(key: string): string | undefined {
    return this.#holders.get(key);
  }

  /** Resolves to a function that releases the key. Rejects with the signal's reason. */
  async acquire(key: string, signal: AbortSignal, holder = ''): Promise<() => void> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const { promise, resolve: release } = Promise.withResolvers<void>();
    const tail = before.then(() => promise);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    try {
      await untilAborted(before, signal);
    } catch (error) {
      release();
      throw error;
    }
    this.#holders.set(key, holder);
    return () => {
      this.#holders.delete(key);
      release();
    };
  }
}

/**
 * Resolves with the outcome of `work`, or rejects with the signal's reason if that comes first. `work` itself
 * continues.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined); // Nobody may be left to receive it; whoever waits still does.
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
