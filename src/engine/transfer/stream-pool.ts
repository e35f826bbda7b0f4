import type { Dispatcher } from 'undici';
import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { ByteRange } from '../../shared/model/byte-range.ts';
import type { Profile } from '../../shared/model/download.ts';
import { classify } from '../http/classify.ts';
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS } from './backoff.ts';
import type { Chunk, ChunkTable, Claim } from './chunk-table.ts';
import { ClaimWriter } from './claim-writer.ts';
import { type ConcurrencyState, fixedStreams, observe, startConcurrency } from './concurrency.ts';
import { fetchRange } from './fetch-range.ts';
import type { HostGates } from './host-gates.ts';
import type { LocationCache } from './location-cache.ts';
import { slowStreams } from './slow-streams.ts';
import { StreamMeter } from './stream-meter.ts';

/** How often streams are measured, flushed and compared. */
const TICK_MS = 500;
/** Silence after which an attempt is ended, and the same on a line that is weak as a whole. */
const STALL_MS = 30_000;
const WEAK_STALL_MS = 60_000;
const WEAK_LINE_BYTES_PER_SECOND = 50_000;
/** Claims up to this size cost latency and hardly any bandwidth: `auto` opens more streams for them. */
const SMALL_CLAIM_BYTES = 256 * 1024;
const SMALL_CLAIM_STREAMS = 8;
/** A server that ignores ranges so many times in a row will not start to honour them. */
const MAX_RANGE_REFUSALS = 5;

/** One blob to fetch, as the pool sees it. */
export interface TransferSource {
  /** Path in the repository, for messages. */
  readonly path: string;
  readonly size: number;
  readonly table: ChunkTable;
  readonly location: LocationCache;
  /** True while something is left to fetch. */
  hasWork(): boolean;
  /** The next part to fetch, or null. May open a doubted chunk again. */
  claimNext(): Claim | null;
  write(buffers: readonly Buffer[], position: number): Promise<void>;
  /** Bytes of a chunk are in the partial file. */
  written(chunk: Chunk, range: ByteRange): void;
}

export interface RetryNotice {
  readonly source: TransferSource;
  readonly chunk: number;
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: AppError;
}

export interface StreamPoolDeps {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Host of the Hub, with port. */
  readonly hubHost: string;
  readonly authorizationFor: (url: string) => string | undefined;
  readonly gates: HostGates;
  /** Undefined, or a promise for the time when more may be read. */
  readonly hold: (bytes: number) => Promise<void> | undefined;
  readonly now: () => number;
  readonly onArrived: (bytes: number, unwanted: number) => void;
  readonly onRetry: (notice: RetryNotice) => void;
  /** An error that no retry will mend, or that the disk must mend first. Called once; the pool has stopped. */
  readonly onFatal: (error: AppError) => void;
}

export interface StreamPoolOptions {
  readonly profile: Profile;
  readonly workers: number | undefined;
  /** Streams that `auto` settled on for this host before. */
  readonly remembered: number | null;
}

/** One open stream. */
interface Stream {
  readonly writer: ClaimWriter;
  readonly source: TransferSource;
  readonly abort: AbortController;
  readonly meter: StreamMeter;
}

/** Why nothing is moving, when the pool waits for a host. */
export interface PoolWait {
  readonly error: AppError;
  readonly attempt: number;
  /** Milliseconds on the pool's clock. */
  readonly untilMs: number;
}

/** Codes of a failed attempt that say something about how many streams the line bears. */
const TROUBLE: ReadonlySet<ErrorCode> = new Set(['RateLimited', 'Timeout', 'Stalled']);

/**
 * Keeps as many streams busy as the line bears. Whenever something changes, `pump` starts attempts until the wanted
 * number is open or no work is left; every attempt ends in `#ended`, which hands its unfetched bytes back. There are
 * no long-lived workers: a stream is one request for one claim.
 */
export class StreamPool {
  readonly #deps: StreamPoolDeps;
  readonly #options: StreamPoolOptions;
  readonly #streams = new Set<Stream>();
  /** Attempts that have not ended yet, by blob. */
  readonly #settling = new Map<TransferSource, Set<Promise<void>>>();
  #sources: TransferSource[] = [];
  #concurrency: ConcurrencyState;
  #tick: NodeJS.Timeout | null = null;
  #wake: NodeJS.Timeout | null = null;
  #stopped = false;
  #trouble = false;
  #tickBytes = 0;
  #lastTickMs: number;
  #lineBytesPerSecond = Number.POSITIVE_INFINITY;
  #rangeRefusals = 0;
  #wait: PoolWait | null = null;

  constructor(deps: StreamPoolDeps, options: StreamPoolOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#lastTickMs = deps.now();
    this.#concurrency = startConcurrency(deps.now(), options.remembered);
  }

  /** Streams that are open. */
  get openStreams(): number {
    return this.#streams.size;
  }

  /** Streams that are wanted now. */
  get wantedStreams(): number {
    return fixedStreams(this.#options.profile, this.#options.workers) ?? this.#concurrency.streams;
  }

  /** True when the number of streams is found by measuring. */
  get isMeasuring(): boolean {
    return fixedStreams(this.#options.profile, this.#options.workers) === null;
  }

  /** What is waited for, or null while bytes move. */
  get wait(): PoolWait | null {
    return this.#wait;
  }

  /** Adds a blob to fetch, less urgent than those added before. */
  add(source: TransferSource): void {
    this.#sources.push(source);
    this.#tick ??= setInterval(() => this.#onTick(), TICK_MS);
    this.pump();
  }

  /** Takes a blob away; resolves when no stream writes to it any more and all that had arrived is written. */
  async remove(source: TransferSource): Promise<void> {
    this.#sources = this.#sources.filter((other) => other !== source);
    const streams = [...this.#streams].filter((stream) => stream.source === source);
    for (const stream of streams) stream.abort.abort(new AppError('Cancelled', 'The transfer was stopped.'));
    while (this.#settling.get(source)?.size) await Promise.all(this.#settling.get(source) ?? []);
    this.#settling.delete(source);
  }

  /** Starts attempts wherever there is work, room and an open host. Call when work has appeared. */
  pump(): void {
    if (this.#stopped) return;
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = null;
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const source of this.#sources) {
      const host = this.#hostOf(source);
      const waitMs = this.#deps.gates.waitMs(host);
      if (waitMs > 0) {
        if (source.hasWork()) soonestMs = Math.min(soonestMs, waitMs);
        continue;
      }
      this.#fill(source, host);
    }
    if (soonestMs < Number.POSITIVE_INFINITY) this.#wake = setTimeout(() => this.pump(), soonestMs);
    else this.#stealWork();
  }

  /** Ends every wait and dials again. */
  retryNow(): void {
    this.#deps.gates.reset();
    this.pump();
  }

  /** Ends all attempts; resolves when every byte that had arrived is written. */
  async stop(): Promise<void> {
    this.#halt();
    await Promise.all(this.#sources.map((source) => this.remove(source)));
  }

  #halt(): void {
    this.#stopped = true;
    if (this.#tick) clearInterval(this.#tick);
    if (this.#wake) clearTimeout(this.#wake);
    for (const stream of this.#streams)
      stream.abort.abort(new AppError('Cancelled', 'The transfer was stopped.'));
  }

  #hostOf(source: TransferSource): string {
    return source.location.host ?? this.#deps.hubHost;
  }

  #fill(source: TransferSource, host: string): void {
    for (;;) {
      // A host that has just failed is tried with one stream before all of them are sent at it again.
      if (this.#deps.gates.isProbing(host) && this.#streams.size > 0) return;
      if (this.#streams.size >= this.#limitFor(source)) return;
      const claim = source.claimNext();
      if (!claim) return;
      this.#open(source, claim);
    }
  }

  #limitFor(source: TransferSource): number {
    const wanted = this.wantedStreams;
    return !this.isMeasuring || source.size > SMALL_CLAIM_BYTES
      ? wanted
      : Math.max(wanted, SMALL_CLAIM_STREAMS);
  }

  /** With nothing free left, an idle stream takes over half of what the slowest one has still to read. */
  #stealWork(): void {
    while (this.#streams.size > 0 && this.#streams.size < this.wantedStreams) {
      const slowest = this.#sources
        .flatMap((source) => ({ source, slow: source.table.slowestClaim() }))
        .sort((a, b) => (b.slow?.seconds ?? 0) - (a.slow?.seconds ?? 0))[0];
      if (!slowest?.slow) return;
      this.#open(slowest.source, slowest.source.table.steal(slowest.slow.claim));
    }
  }

  #open(source: TransferSource, claim: Claim): void {
    const writer = new ClaimWriter(claim, {
      write: (buffers, position) => source.write(buffers, position),
      onWritten: (range) => source.written(claim.chunk, range),
      onArrived: (bytes, unwanted) => this.#arrived(source, stream, bytes, unwanted),
      hold: this.#deps.hold,
    });
    const stream: Stream = {
      source,
      writer,
      abort: new AbortController(),
      meter: new StreamMeter(this.#deps.now),
    };
    this.#streams.add(stream);
    const ended = this.#attempt(stream).then(
      () => this.#ended(stream, null),
      (error) => this.#ended(stream, classify(error, { what: source.path })),
    );
    const settling = this.#settling.get(source) ?? new Set();
    this.#settling.set(source, settling.add(ended));
    void ended.finally(() => settling.delete(ended));
  }

  async #attempt(stream: Stream): Promise<void> {
    const { source, writer, abort } = stream;
    const { claim } = writer;
    const location = await source.location.get(abort.signal);
    abort.signal.throwIfAborted();
    try {
      const { position: start, end } = claim;
      const range = { url: location.url, start, end, total: source.size, path: source.path };
      await fetchRange(range, writer, this.#fetchDeps(), abort.signal);
      source.location.accepted();
      this.#rangeRefusals = 0;
    } catch (error) {
      const failure = classify(error);
      if (isRefusal(failure)) source.location.refused(location, failure);
      throw failure;
    } finally {
      await writer.finish();
    }
  }

  #fetchDeps() {
    const { dispatcher, userAgent, hubHost, authorizationFor } = this.#deps;
    const stallTimeoutMs = () => (this.#isWeakLine() ? WEAK_STALL_MS : STALL_MS);
    return { dispatcher, userAgent, hubHost, authorizationFor, stallTimeoutMs };
  }

  /** A slow line that moves deserves patience; one that fell silent does not become patient by it. */
  #isWeakLine(): boolean {
    return this.#options.profile !== 'very-weak' && this.#lineBytesPerSecond < WEAK_LINE_BYTES_PER_SECOND;
  }

  #arrived(source: TransferSource, stream: Stream, bytes: number, unwanted: number): void {
    stream.meter.add(bytes);
    this.#tickBytes += bytes;
    this.#wait = null;
    this.#deps.gates.progress(this.#hostOf(source), bytes);
    this.#deps.onArrived(bytes, unwanted);
  }

  #ended(stream: Stream, error: AppError | null): void {
    this.#streams.delete(stream);
    stream.source.table.release(stream.writer.claim);
    const removed = !this.#sources.includes(stream.source);
    if (error && !this.#stopped && !removed) this.#failed(stream, error);
    this.pump();
  }

  #failed(stream: Stream, error: AppError): void {
    const { source, writer } = stream;
    const fatal = this.#fatal(error);
    if (fatal) {
      this.#halt();
      this.#deps.onFatal(fatal);
      return;
    }
    if (TROUBLE.has(error.code)) this.#trouble = true;
    writer.claim.chunk.suspect = true;
    this.#deps.onRetry({ source, chunk: writer.claim.chunk.index, error, ...this.#penalty(stream, error) });
  }

  /** How long to leave the host alone. A refused URL costs nothing: the next attempt asks for a fresh one. */
  #penalty({ source, writer }: Stream, error: AppError): { attempt: number; delayMs: number } {
    if (isRefusal(error)) return { attempt: 1, delayMs: 0 };
    if (error.code === 'Offline' || error.code === 'Timeout') source.location.forget();
    const facts = {
      deliveredBytes: writer.arrivedBytes,
      retryAfterMs: error.retryAfterMs,
      capMs: this.#options.profile === 'very-weak' ? BACKOFF_BASE_MS : BACKOFF_CAP_MS,
    };
    const penalty = this.#deps.gates.fail(this.#failedHost(source, error), facts);
    this.#wait = { error, attempt: penalty.attempt, untilMs: this.#deps.now() + penalty.delayMs };
    return penalty;
  }

  /** The host that failed is the one the error names: the Hub while asking for a URL, else where the bytes are. */
  #failedHost(source: TransferSource, error: AppError): string {
    const { host } = error.details;
    return typeof host === 'string' ? host : this.#hostOf(source);
  }

  /** The error to end with, or null when another attempt may help. */
  #fatal(error: AppError): AppError | null {
    if (error.code === 'RangeUnsupported') {
      this.#rangeRefusals += 1;
      return this.#rangeRefusals >= MAX_RANGE_REFUSALS ? error : null;
    }
    const onDisk = error.code === 'DiskFull' || error.code === 'DiskMissing';
    return onDisk || !error.retryable ? error : null;
  }

  #onTick(): void {
    const now = this.#deps.now();
    const elapsedMs = Math.max(1, now - this.#lastTickMs);
    if (this.#tickBytes > 0) this.#lineBytesPerSecond = (this.#tickBytes * 1000) / elapsedMs;
    for (const stream of this.#streams) {
      stream.writer.flush();
      stream.meter.sample();
      stream.writer.claim.bytesPerSecond = stream.meter.bytesPerSecond;
    }
    for (const slow of slowStreams([...this.#streams].map((stream) => stream.meter))) this.#redial(slow);
    this.#control(now, elapsedMs);
    this.#tickBytes = 0;
    this.#lastTickMs = now;
    this.pump();
  }

  #redial(meter: StreamMeter): void {
    for (const stream of this.#streams) {
      if (stream.meter === meter)
        stream.abort.abort(new AppError('Stalled', 'A stream was far slower than the others.'));
    }
  }

  #control(nowMs: number, elapsedMs: number): void {
    const sample = {
      nowMs,
      elapsedMs,
      bytes: this.#tickBytes,
      openStreams: this.#streams.size,
      trouble: this.#trouble,
    };
    this.#concurrency = observe(this.#concurrency, sample);
    this.#trouble = false;
  }
}

/** The server refused a signed URL: it is renewed before the user is told. */
function isRefusal(error: AppError): boolean {
  return error.retryable && (error.details.status === 401 || error.details.status === 403);
}
