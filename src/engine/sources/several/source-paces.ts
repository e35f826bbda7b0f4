/** Weight of the past: after this time, in milliseconds, what came before counts for 1/e. */
const MEMORY_MS = 1500;
/** A pace that nobody measured for so long says nothing any more. */
const STALE_MS = 60_000;
/** Less time than this with a connection open tells nothing about a source. */
const TELLING_MS = 500;
/** So many bytes are no burst out of some buffer, however fast they came. */
const TELLING_BYTES = 1024 * 1024;

/** What is measured of one attempt. */
export interface PaceMeter {
  add(bytes: number): void;
  end(): void;
}

interface Pace {
  open: number;
  /** Bytes and milliseconds with a connection open, both fading. */
  bytes: number;
  ms: number;
  /** Since the source was last unknown: neither fades. */
  totalBytes: number;
  totalMs: number;
  /** When the two were last brought up to date. */
  atMs: number;
}

/**
 * How fast each source is, over all its connections together: bytes in the last seconds in which it had one open. Where several
 * connections share one line, each more of them gets less; so what a further one would get is the whole, divided by one more than
 * there are.
 */
export class SourcePaces {
  readonly #now: () => number;
  readonly #paces = new Map<string, Pace>();

  /** `now` in milliseconds, on a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A connection to a source is opened. */
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

  /** Bytes per second that one more connection would get; null while nobody knows. */
  next(source: string): number | null {
    const pace = this.#known(source);
    return pace && ratePerSecond(pace) / (pace.open + 1);
  }

  /** What was measured of a source is worth nothing any more. */
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

  /** Time without a connection says nothing about a source, but for that what was known of it grows old. */
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
