/** Largest burst after a pause, as time at the full rate. Longer bursts are visible on the network. */
const BURST_MS = 250;

/** An attempt that waits until its bytes are allowed. */
interface Waiter {
  readonly resolve: () => void;
  readonly timer: NodeJS.Timeout;
}

/** A token bucket shared by all downloads. Its rate may change while attempts wait. */
export class RateLimiter {
  readonly #now: () => number;
  readonly #waiters = new Set<Waiter>();
  #bytesPerSecond: number | null = null;
  #tokens = 0;
  #updatedMs = 0;

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Null removes the limit. Waits that began under the old rate end at once. */
  setRate(bytesPerSecond: number | null): void {
    this.#bytesPerSecond = bytesPerSecond;
    this.#tokens = 0;
    this.#updatedMs = this.#now();
    for (const waiter of this.#waiters) {
      clearTimeout(waiter.timer);
      waiter.resolve();
    }
    this.#waiters.clear();
  }

  /** Counts received bytes. Returns undefined when reading may continue, or a promise that resolves when it may. */
  take(bytes: number): Promise<void> | undefined {
    const rate = this.#bytesPerSecond;
    if (rate === null) return undefined;
    this.#refill(rate);
    this.#tokens -= bytes;
    if (this.#tokens >= 0) return undefined;
    return this.#sleep((-this.#tokens / rate) * 1000);
  }

  #refill(rate: number): void {
    const now = this.#now();
    const earned = ((now - this.#updatedMs) / 1000) * rate;
    this.#tokens = Math.min((rate * BURST_MS) / 1000, this.#tokens + earned);
    this.#updatedMs = now;
  }

  #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#waiters.delete(waiter);
      resolve();
    }, ms);
    // A wait whose attempt has ended must not keep the process alive.
    timer.unref();
    const waiter = { resolve, timer };
    this.#waiters.add(waiter);
    return promise;
  }
}
