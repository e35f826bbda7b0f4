/**
 * How long a host that ignores ranges is sent one request at a time. After that, ranges are tried again: it may have been one
 * machine of many, or a proxy on the way.
 */
export const RANGES_AGAIN_MS = 600_000;

/** Which hosts answer a request for a part of a file with the whole file. Shared by all downloads. */
export class RangeSupport {
  readonly #ignoredMs = new Map<string, number>();
  readonly #now: () => number;

  /** `now` in milliseconds, on a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A host sent the whole file in place of a part. Returns true when that is news. */
  ignored(host: string): boolean {
    const isNews = !this.isIgnoring(host);
    this.#ignoredMs.set(host, this.#now());
    return isNews;
  }

  /** True while a host is taken to ignore ranges: more than one connection to a file would fetch it more than once. */
  isIgnoring(host: string): boolean {
    const ignoredMs = this.#ignoredMs.get(host);
    return ignoredMs !== undefined && this.#now() - ignoredMs < RANGES_AGAIN_MS;
  }

  /** Forgets all: the network changed, or the user asked to try again now. */
  reset(): void {
    this.#ignoredMs.clear();
  }
}
