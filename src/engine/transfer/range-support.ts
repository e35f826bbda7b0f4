/**
 * How long a host that ignores ranges is sent one request at a time. After that, ranges are tried again: the cause may
 * have been one machine of many, or a proxy.
 */
export const RANGES_AGAIN_MS = 600_000;

/** Tracks which hosts answer a range request with the whole file. Shared by all downloads. */
export class RangeSupport {
  readonly #ignoredMs = new Map<string, number>();
  readonly #now: () => number;

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Records that a host sent the whole file instead of a range. Returns true when that was not known before. */
  ignored(host: string): boolean {
    const isNews = !this.isIgnoring(host);
    this.#ignoredMs.set(host, this.#now());
    return isNews;
  }

  /**
   * True while a host is assumed to ignore ranges: more than one connection to a file would download it more than once.
   */
  isIgnoring(host: string): boolean {
    const ignoredMs = this.#ignoredMs.get(host);
    return ignoredMs !== undefined && this.#now() - ignoredMs < RANGES_AGAIN_MS;
  }

  /** Clears all hosts, because the network changed or the user asked to retry now. */
  reset(): void {
    this.#ignoredMs.clear();
  }
}
