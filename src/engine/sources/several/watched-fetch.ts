import type { ByteRange } from '../../../shared/model/byte-range.ts';
import type { FetchControl, RangeSink, SourcePlace } from '../source.ts';

const LOOK_MS = 250;

/** State of an attempt. Time in which this side paused reading (for the disk, or a speed limit) does not count. */
export interface Progress {
  readonly bytes: number;
  readonly ms: number;
  /** Time since the last byte. */
  readonly silentMs: number;
}

/** Dependencies of {@link watchedFetch}. */
export interface Watch {
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  readonly onBytes: (bytes: number) => void;
  /** Called a few times a second; a returned error ends the attempt with it, `enough` ends it successfully. */
  readonly judge: (progress: Progress) => 'go-on' | 'enough' | Error;
}

/** Fetches a range as `place` does, and ends the attempt when `watch` requires it. */
export async function watchedFetch(
  place: SourcePlace,
  range: ByteRange,
  sink: RangeSink,
  control: FetchControl,
  watch: Watch,
): Promise<void> {
  const abort = new AbortController();
  const counting = new CountingSink(sink, watch);
  let isEnough = false;
  const timer = setInterval(() => {
    if (counting.isHeld) return;
    const verdict = watch.judge(counting.progress());
    if (verdict === 'go-on') return;
    isEnough = verdict === 'enough';
    abort.abort(isEnough ? new Error('enough') : verdict);
  }, LOOK_MS);
  try {
    const signal = AbortSignal.any([control.signal, abort.signal]);
    await place.fetch(range, counting, { ...control, signal });
  } catch (error) {
    if (!isEnough || control.signal.aborted) throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Passes everything on and counts. */
class CountingSink implements RangeSink {
  readonly takeWhole?: () => boolean;
  readonly arriving: (bytes: number) => void;
  readonly #sink: RangeSink;
  readonly #watch: Watch;
  readonly #startedMs: number;
  #bytes = 0;
  #lastMs: number;
  #heldMs = 0;
  #held = 0;

  constructor(sink: RangeSink, watch: Watch) {
    this.#sink = sink;
    this.#watch = watch;
    this.#startedMs = watch.now();
    this.#lastMs = this.#startedMs;
    this.arriving = (bytes) => {
      this.#lastMs = watch.now();
      sink.arriving?.(bytes);
    };
    if (sink.takeWhole) this.takeWhole = () => sink.takeWhole?.() ?? false;
  }

  get isHeld(): boolean {
    return this.#held > 0;
  }

  progress(): Progress {
    const now = this.#watch.now();
    return {
      bytes: this.#bytes,
      ms: Math.max(1, now - this.#startedMs - this.#heldMs),
      silentMs: now - this.#lastMs,
    };
  }

  isFull(): boolean {
    return this.#sink.isFull();
  }

  push(bytes: Buffer): Promise<void> | undefined {
    this.#bytes += bytes.length;
    this.#lastMs = this.#watch.now();
    this.#watch.onBytes(bytes.length);
    const wait = this.#sink.push(bytes);
    if (wait) this.#hold(wait);
    return wait;
  }

  #hold(wait: Promise<void>): void {
    const sinceMs = this.#watch.now();
    this.#held += 1;
    const release = () => {
      this.#held -= 1;
      this.#lastMs = this.#watch.now();
      this.#heldMs += this.#lastMs - sinceMs;
    };
    wait.then(release, release);
  }
}
