/** One holder a key at a time; others wait in order. */
export class KeyedMutex {
  readonly #tails = new Map<string, Promise<void>>();
  readonly #holders = new Map<string, string>();

  /** Who holds a key now, as it named itself; undefined for nobody. */
  holderOf(key: string): string | undefined {
    return this.#holders.get(key);
  }

  /** Resolves to the function that gives the key back. Rejects with the signal's reason. */
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

/** The outcome of `work`, or the signal's reason if that comes first. `work` itself goes on. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined); // Nobody may be left to hear it; whoever waits here still does.
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
