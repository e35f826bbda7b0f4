import { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../errors/classify.ts';
import { Dialling } from './admission.ts';
import type { Claim } from './chunk-table.ts';
import { leaving, Places } from './connection-slots.ts';
import { FailurePolicy } from './failure-policy.ts';
import { Settling } from './in-flight.ts';
import { LineControl, type LineOptions } from './link-monitor.ts';
import { slowestWork } from './pick-steal-target.ts';
import { Stream, type StreamDeps, type StreamFacts } from './range-attempt.ts';
import type { PoolWait, StreamPoolDeps } from './scheduler-deps.ts';
import { slowStreams } from './slow-streams.ts';
import type { TransferSource } from './transfer-item.ts';
import { WriteBuffers } from './write-buffers.ts';

export type { PoolWait, RetryNotice, StreamPoolDeps } from './scheduler-deps.ts';
export type { TransferSource } from './transfer-item.ts';

/** How often streams are measured, flushed and compared. */
const TICK_MS = 250;
/** Claims up to this size cost latency and hardly any bandwidth. */
const SMALL_CLAIM_BYTES = 256 * 1024;
/** A stream that was silent for so long when the user or the system says "now" is dialled again. */
const SILENT_MS = 3000;
/** A pool that rests goes on by itself after so long, should a wake-up never be told. Clocks stand still during sleep. */
const REST_MS = 60_000;

/**
 * Keeps as many streams busy as the line bears. Whenever something changes, `pump` starts attempts until the wanted
 * number is open or no work is left; every attempt ends in `#ended`, which hands its unfetched bytes back. There are
 * no long-lived workers: a stream is one request for one claim.
 */
export class StreamPool {
  readonly #deps: StreamPoolDeps;
  readonly #streamDeps: StreamDeps;
  readonly #line: LineControl;
  readonly #policy: FailurePolicy;
  readonly #places = new Places();
  readonly #streams = new Set<Stream>();
  readonly #dialling: Dialling;
  /** Streams that end because there are more than wanted: no failures. */
  readonly #surplus = new WeakSet<Stream>();
  readonly #settling = new Settling<TransferSource>();
  #sources: TransferSource[] = [];
  #tick: NodeJS.Timeout | null = null;
  #wake: NodeJS.Timeout | null = null;
  /** Runs while the pool rests. */
  #rest: NodeJS.Timeout | null = null;
  #stopped = false;
  #wait: PoolWait | null = null;

  constructor(deps: StreamPoolDeps, options: LineOptions) {
    this.#deps = deps;
    this.#line = new LineControl(deps.now, options);
    this.#policy = new FailurePolicy(deps.gates, options.profile);
    this.#dialling = new Dialling(this.#streams, deps);
    this.#streamDeps = {
      ...deps,
      buffers: new WriteBuffers(),
      stallTimeoutMs: () => this.#line.stallTimeoutMs,
      onArrived: (stream, bytes, unwanted) => this.#arrived(stream, bytes, unwanted),
      onLocated: (stream, askedMs) => this.#located(stream, askedMs),
      mayFetch: (stream) => this.#dialling.mayFetch(stream),
    };
  }

  get openStreams(): number {
    return this.#streams.size;
  }
  /** The attempts that are under way, to be looked at. */
  get streams(): Iterable<StreamFacts> {
    return this.#streams;
  }

  /** Streams that are wanted now. */
  get wantedStreams(): number {
    return this.#line.wantedStreams;
  }

  /** The number of streams that proved itself: without one that is being tried. */
  get provenStreams(): number {
    return this.#line.provenStreams;
  }

  /** True when the number of streams is found by measuring. */
  get isMeasuring(): boolean {
    return this.#line.isMeasuring;
  }

  /** What is waited for, or null while bytes move. */
  get wait(): PoolWait | null {
    return this.#wait;
  }

  /** Adds a blob to fetch, less urgent than those added before. */
  add(source: TransferSource): void {
    this.#sources.push(source);
    if (!this.#stopped) this.#tick ??= setInterval(() => this.#onTick(), TICK_MS);
    this.pump();
  }

  /** Takes a blob away; resolves when no stream writes to it any more and all that had arrived is written. */
  async remove(source: TransferSource): Promise<void> {
    this.#sources = this.#sources.filter((other) => other !== source);
    for (const stream of this.#streams) if (stream.source === source) stream.end(stopped());
    await this.#settling.ended(source);
  }

  /** Starts attempts wherever there is work, room and an open host. Call when work has appeared. */
  pump(): void {
    if (this.#stopped || this.#rest) return;
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = null;
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const source of this.#sources) {
      const waitMs = this.#dialling.waitMs(source);
      if (waitMs === 0) this.#fill(source);
      else if (source.hasWork()) soonestMs = Math.min(soonestMs, waitMs);
    }
    if (soonestMs < Number.POSITIVE_INFINITY) this.#wake = setTimeout(() => this.pump(), soonestMs);
    this.#stealWork();
  }

  /** Ends every wait, and dials again where nothing comes any more. */
  retryNow(): void {
    this.#endRest();
    this.#deps.gates.reset();
    for (const stream of this.#streams) if (stream.silentMs >= SILENT_MS) stream.redial();
    this.pump();
  }

  /**
   * Ends all attempts and begins none until {@link retryNow}: the computer is about to sleep. Resolves when every byte that had
   * arrived is written.
   */
  async rest(): Promise<void> {
    if (this.#stopped) return;
    this.#rest ??= setTimeout(() => this.retryNow(), REST_MS);
    for (const stream of this.#streams) {
      this.#surplus.add(stream);
      stream.end(stopped());
    }
    await Promise.all([...this.#settling.keys].map((source) => this.#settling.ended(source)));
  }

  #endRest(): void {
    if (this.#rest) clearTimeout(this.#rest);
    this.#rest = null;
  }

  /** Ends all attempts; resolves when every byte that had arrived is written. */
  async stop(): Promise<void> {
    this.#halt();
    await Promise.all([...this.#settling.keys, ...this.#sources].map((source) => this.remove(source)));
  }

  #halt(): void {
    this.#stopped = true;
    this.#endRest();
    if (this.#tick) clearInterval(this.#tick);
    if (this.#wake) clearTimeout(this.#wake);
    for (const stream of this.#streams) stream.end(stopped());
  }

  #giveUp(error: AppError): void {
    if (this.#stopped) return;
    this.#halt();
    this.#deps.onFatal(error);
  }

  #fill(source: TransferSource): void {
    while (this.#freePlaces(isSmall(source)) > 0 && this.#dialling.mayOpen(source)) {
      const claim = source.claimNext();
      if (!claim) return;
      this.#open(source, claim);
    }
  }

  #freePlaces(forSmall: boolean): number {
    return this.#places.free([...this.#streams], this.#line.placeRules(forSmall));
  }

  /** With nothing free left, an idle stream takes over half of what the slowest one has still to read. */
  #stealWork(): void {
    // A blob whose URL is being asked for may have free work.
    if (this.#dialling.isLocating) return;
    while (this.#streams.size > 0 && this.#freePlaces(false) > 0) {
      const steady = this.#sources.filter((source) => this.#dialling.isSteady(source));
      const slowest = slowestWork(steady, this.#line.usualBytesPerSecond);
      if (!slowest) return;
      this.#open(slowest.source, slowest.source.table.steal(slowest.claim));
    }
  }

  #open(source: TransferSource, claim: Claim): void {
    const rules = this.#line.placeRules(false);
    if (this.#streams.size >= rules.wanted) this.#places.dialled(rules);
    const stream = new Stream(source, claim, this.#streamDeps);
    this.#streams.add(stream);
    const ended = stream
      .run()
      .then(
        (isFetched) => this.#ended(stream, isFetched, null),
        (error) => this.#ended(stream, false, classify(error, { what: `fetching ${source.path}` })),
      )
      .catch((error) => this.#giveUp(classify(error)));
    this.#settling.track(source, ended);
  }

  #arrived(stream: Stream, bytes: number, unwanted: number): void {
    this.#line.arrived(bytes);
    this.#wait = null;
    this.#deps.gates.progress(stream.host, bytes, stream.startedMs);
    this.#deps.onArrived(bytes, unwanted);
  }

  #located(stream: Stream, askedMs: number): void {
    const { gates, hubHost } = this.#deps;
    // A Hub that serves the bytes itself has to prove itself by them.
    if (stream.host !== hubHost) gates.succeeded(hubHost, askedMs);
    this.pump();
  }

  #ended(stream: Stream, isFetched: boolean, error: AppError | null): void {
    this.#streams.delete(stream);
    this.#line.streamReached(stream.meanBytesPerSecond);
    stream.source.table.release(stream.claim);
    const isWanted = !this.#stopped && this.#sources.includes(stream.source);
    if (isFetched) this.#policy.succeeded(stream.host, stream.startedMs);
    else if (error && isWanted && !this.#surplus.has(stream)) this.#failed(stream, error);
    this.pump();
  }

  #failed(stream: Stream, error: AppError): void {
    const { source, claim, host, startedMs, deliveredBytes, isRedialled } = stream;
    const verdict = this.#policy.failed({ error, host, startedMs, deliveredBytes, isRedialled });
    if (verdict.kind === 'fatal') {
      this.#giveUp(error);
      return;
    }
    claim.chunk.suspect = true;
    const { attempt, delayMs } = verdict.kind === 'wait' ? verdict : { attempt: 1, delayMs: 0 };
    if (verdict.kind === 'wait') {
      this.#line.failed(error.code);
      this.#wait = { error, attempt, untilMs: this.#deps.now() + delayMs };
    }
    this.#deps.onRetry({ source, chunk: claim.chunk.index, error, attempt, delayMs });
  }

  #onTick(): void {
    const streams = [...this.#streams];
    for (const stream of streams) {
      stream.measure();
      this.#line.streamReached(stream.meanBytesPerSecond);
    }
    this.#line.tick(streams.filter(({ source }) => !isSmall(source)));
    this.#letGo();
    this.pump();
    this.#redialSlow(streams);
  }

  /** Ends streams that lost their place. */
  #letGo(): void {
    const streams = [...this.#streams];
    const rules = this.#line.placeRules(streams.some(({ source }) => isSmall(source)));
    const { silent, surplus } = leaving(streams, rules);
    for (const stream of silent) {
      this.#line.fellSilent();
      stream.redial();
    }
    for (const stream of surplus) {
      this.#surplus.add(stream);
      stream.end(stopped());
    }
  }

  #redialSlow(streams: readonly Stream[]): void {
    // With room left, what is open is all there is to do.
    const end = this.#freePlaces(false) > 0 ? this.#line : null;
    const slow = slowStreams(
      streams.filter(({ ageMs }) => ageMs > 0),
      end,
    );
    const rules = this.#line.placeRules(false);
    for (const stream of slow) {
      if (!this.#places.mayDial(rules)) return;
      this.#places.dialled(rules);
      stream.redial();
    }
  }
}

function isSmall({ size }: TransferSource): boolean {
  return size <= SMALL_CLAIM_BYTES;
}

function stopped(): AppError {
  return new AppError('Cancelled', 'The transfer was stopped.');
}
