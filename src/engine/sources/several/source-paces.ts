/** Weight of the past: after this time, in milliseconds, earlier bytes count for 1/e. */
const MEMORY_MS = 1500;
/** A pace that was not measured for this long is void. */
const STALE_MS = 60_000;
/** Less time than this with a connection open says nothing about a source. */
const TELLING_MS = 500;
/** This many bytes are not a burst out of a buffer, however fast they arrived. */
const TELLING_BYTES = 1024 * 1024;

/** The measurement of one attempt. */
export interface PaceMeter {
  add(bytes: number): void;
  end(): void;
}

interface Pace {
  open: number;
  /** Bytes and milliseconds with a connection open, both decaying. */
  bytes: number;
  ms: number;
  /** Since the source was last unknown: neither decays. */
  totalBytes: number;
  totalMs: number;
  /** When the two were last updated. */
  atMs: number;
}

/**
 * Measures how fast each source is, over all its connections together: bytes in the last seconds in which it had one
 * open. Where several connections share one link, each gets less as more are added; so a further one would get the
 * whole, divided by one more than there are.
 */
export class SourcePaces {
  readonly #now: () => number;
  readonly #paces = new Map<string, Pace>();

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Records that a connection to a source is opened. */
  began(source: string): PaceMeter {
    const pace = this.#of(source);
    this.#advance(pace);
    if (pace.open === 0) pace.atMs = this.#now();
    pace.open += 1;
    let hasEnded = false;
    return {
      add: (bytes) => {
        this.#advance(pace);
        pace.bytes += bytes;
        pace.totalBytes += bytes;
      },
      end: () => {
        if (hasEnded) return;
        hasEnded = true;
        this.#advance(pace);
        pace.open -= 1;
      },
    };
  }

  /** Connections that are open now. */
  open(source: string): number {
    return this.#paces.get(source)?.open ?? 0;
  }

  /** Returns the bytes per second that one more connection would get; null while unknown. */
  next(source: string): number | null {
    const pace = this.#known(source);
    return pace && ratePerSecond(pace) / (pace.open + 1);
  }

  /** Drops the measurements of a source. */
  forget(source: string): void {
    const pace = this.#paces.get(source);
    if (pace) Object.assign(pace, UNKNOWN);
  }

  #known(source: string): Pace | null {
    const pace = this.#paces.get(source);
    if (!pace) return null;
    this.#advance(pace);
    return pace.totalMs >= TELLING_MS || pace.totalBytes >= TELLING_BYTES ? pace : null;
  }

  #of(source: string): Pace {
    const known = this.#paces.get(source);
    if (known) return known;
    const pace: Pace = { ...UNKNOWN, open: 0, atMs: this.#now() };
    this.#paces.set(source, pace);
    return pace;
  }

  /** Time without a connection says nothing about a source, except that its measurement ages. */
  #advance(pace: Pace): void {
    const elapsedMs = this.#now() - pace.atMs;
    if (pace.open === 0) {
      if (elapsedMs >= STALE_MS) Object.assign(pace, UNKNOWN);
      return;
    }
    const keep = Math.exp(-elapsedMs / MEMORY_MS);
    pace.atMs += elapsedMs;
    pace.bytes *= keep;
    pace.ms = pace.ms * keep + MEMORY_MS * (1 - keep);
    pace.totalMs += elapsedMs;
  }
}

const UNKNOWN = { bytes: 0, ms: 0, totalBytes: 0, totalMs: 0 };

function ratePerSecond({ bytes, ms }: Pace): number {
  return (bytes * 1000) / Math.max(1, ms);
}
