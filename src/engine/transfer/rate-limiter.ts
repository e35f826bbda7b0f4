/** Bytes that may come at once after a pause, as time at the full rate. Longer bursts are visible to the network. */
const BURST_MS = 250;

/** A token bucket over all downloads. Its rate may change while streams wait. */
export class RateLimiter {
  readonly #now: () => number;
  #bytesPerSecond: number | null = null;
  #tokens = 0;
  #updatedMs = 0;
  /** Resolves the waits that began under an older rate. */
  #rateChanged = Promise.withResolvers<void>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Null takes the limit away. */
  setRate(bytesPerSecond: number | null): void {
    this.#bytesPerSecond = bytesPerSecond;
    this.#tokens = 0;
    this.#updatedMs = this.#now();
    this.#rateChanged.resolve();
    this.#rateChanged = Promise.withResolvers<void>();
  }

  /** Bytes arrived. Undefined when reading may go on; else a promise for the time when it may. */
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

  async #sleep(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([elapsed, this.#rateChanged.promise]);
    clearTimeout(timer);
  }
}
