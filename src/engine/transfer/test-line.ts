import { onTestFinished, vi } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import type { ByteRange } from '../../shared/model/byte-range.ts';
import { StallTimer } from '../sources/http/stall-timer.ts';
import type { ContentSource, FetchControl, RangeSink, SourcePlace } from '../sources/source.ts';
import { HostBackoff } from './host-backoff.ts';
import type { LinkOptions } from './link-monitor.ts';
import { RangeSupport } from './range-support.ts';
import { type RetryNotice, type SchedulerDeps, TransferScheduler } from './scheduler.ts';
import { CONTENT, MB, MemoryItem } from './test-scheduler.ts';

/** Interval in which a scripted server sends, in milliseconds. */
const PIECE_MS = 20;
/** Step by which the virtual clock advances. */
const STEP_MS = 10;

/** One request to a scripted server. */
export class LineRequest {
  readonly range: ByteRange;
  readonly ended: Promise<void>;
  readonly #sink: RangeSink;
  readonly #stall: StallTimer;
  readonly #end = Promise.withResolvers<void>();
  #sentTo: number;
  #isPaused = false;
  #isOver = false;

  constructor(range: ByteRange, sink: RangeSink, { signal, stallTimeoutMs }: FetchControl) {
    this.range = range;
    this.#sink = sink;
    this.#sentTo = range.start;
    this.ended = this.#end.promise.finally(() => {
      this.#isOver = true;
      this.#stall.suspend();
    });
    this.#stall = new StallTimer(stallTimeoutMs, () => this.fail(new AppError('Stalled', 'Silence.')));
    this.#stall.arm();
    signal.addEventListener('abort', () => this.fail(signal.reason), { once: true });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends that many bytes, unless the receiver asked to wait. */
  send(bytes: number): void {
    if (this.#isOver || this.#isPaused) return;
    const end = Math.min(this.range.end, this.#sentTo + bytes);
    const wait = this.#sink.push(Buffer.from(CONTENT.subarray(this.#sentTo, end)));
    this.#sentTo = end;
    this.#stall.touch();
    if (wait) this.#pause(wait);
    else if (this.#sink.isFull()) this.#end.resolve();
  }

  fail(error: AppError): void {
    this.#end.reject(error);
  }

  #pause(wait: Promise<void>): void {
    this.#isPaused = true;
    this.#stall.suspend();
    const go = () => {
      this.#isPaused = false;
      if (this.#sink.isFull()) this.#end.resolve();
      else if (!this.#isOver) this.#stall.arm();
    };
    wait.then(go, (error) => this.fail(error));
  }
}

/** What a scripted server does with its n-th request (counted from 1). */
export type Script = (request: LineRequest, nth: number) => void;

/** Sends at a steady pace, or at one that changes. */
export function steady(bytesPerSecond: number | (() => number)): Script {
  const rate = typeof bytesPerSecond === 'number' ? () => bytesPerSecond : bytesPerSecond;
  return (request) => {
    const timer = setInterval(() => {
      if (request.isOver) clearInterval(timer);
      else request.send(Math.ceil((rate() * PIECE_MS) / 1000));
    }, PIECE_MS);
  };
}

/** Sends everything at once. */
export const atOnce: Script = (request) => {
  setTimeout(() => request.send(request.range.end - request.range.start), 1);
};

/** Sends nothing. */
export const nothing: Script = () => undefined;

/** Sends that many bytes, and nothing more. */
export const bytesThenNothing =
  (bytes: number): Script =>
  (request) => {
    setTimeout(() => request.send(bytes), 1);
  };

/** Sends that many bytes, then drops the connection. */
export const bytesThenBreak =
  (bytes: number): Script =>
  (request) => {
    if (bytes > 0) setTimeout(() => request.send(bytes), 1);
    setTimeout(() => request.fail(new AppError('Offline', 'The connection broke.')), PIECE_MS);
  };

/** One script for the first requests, another for all that follow. */
export const firstThen =
  (count: number, first: Script, then: Script): Script =>
  (request, nth) =>
    (nth <= count ? first : then)(request, nth);

/**
 * A scheduler with a simulated link and a clock that only {@link Line.pass} and {@link Line.until} advance: no socket,
 * no waiting. Requests are recorded in `requests`.
 */
export class Line {
  readonly scheduler: TransferScheduler;
  readonly requests: LineRequest[] = [];
  readonly retries: RetryNotice[] = [];
  readonly onArrived = vi.fn<SchedulerDeps['onArrived']>();
  readonly onFatal = vi.fn<SchedulerDeps['onFatal']>();
  /** Called to locate the bytes. */
  readonly find = vi.fn<(signal: AbortSignal) => Promise<void>>(async () => undefined);
  /** The most requests open at once. */
  peak = 0;
  readonly #script: Script;

  /** Valid for the length of one test. */
  constructor(script: Script, options: Partial<LinkOptions> = {}) {
    vi.useFakeTimers();
    this.#script = script;
    const now = () => performance.now();
    this.scheduler = new TransferScheduler(
      {
        hostBackoff: new HostBackoff(now, () => 0.1),
        rangeSupport: new RangeSupport(now),
        onSingleStream: () => undefined,
        hold: () => undefined,
        now,
        onArrived: this.onArrived,
        onRetry: (notice) => this.retries.push(notice),
        onFatal: this.onFatal,
      },
      { profile: 'auto', workers: 4, remembered: null, ...options },
    );
    onTestFinished(async () => {
      await this.scheduler.stop();
      vi.useRealTimers();
    });
  }

  get openRequests(): number {
    return this.requests.filter(({ isOver }) => !isOver).length;
  }

  /** Bytes received, wanted or not. */
  get arrivedBytes(): number {
    return this.onArrived.mock.calls.reduce((sum, [bytes]) => sum + bytes, 0);
  }

  item(size = CONTENT.length, chunkBytes = MB): MemoryItem {
    let place: SourcePlace | null = null;
    const source: ContentSource = {
      get host() {
        return place?.host ?? null;
      },
      finderHost: 'hub.example',
      find: async (_, signal) => {
        if (place === null) await Promise.race([this.find(signal), abortOf(signal)]);
        place ??= { kind: 'hub', host: 'cdn.example', fetch: (...request) => this.#answer(...request) };
        return place;
      },
    };
    return new MemoryItem(size, chunkBytes, source);
  }

  /** Advances the clock by that many milliseconds. */
  async pass(durationMs: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(durationMs);
  }

  /** Advances the clock until a condition holds; fails after `limitMs`. @returns the milliseconds it took */
  async until(isSo: () => boolean, limitMs: number): Promise<number> {
    for (let tookMs = 0; tookMs <= limitMs; tookMs += STEP_MS) {
      if (isSo()) return tookMs;
      await this.pass(STEP_MS);
    }
    throw new Error(`It did not come to that in ${limitMs} ms.`);
  }

  /** Advances the clock until an item is complete. @returns the milliseconds it took */
  async untilComplete({ table }: MemoryItem, limitMs: number): Promise<number> {
    return this.until(() => table.isComplete, limitMs);
  }

  #answer(range: ByteRange, sink: RangeSink, control: FetchControl): Promise<void> {
    const request = new LineRequest(range, sink, control);
    this.requests.push(request);
    this.peak = Math.max(this.peak, this.openRequests);
    this.#script(request, this.requests.length);
    return request.ended;
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
