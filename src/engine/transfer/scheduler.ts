import { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../errors/classify.ts';
import { Admission } from './admission.ts';
import type { Claim } from './chunk-table.ts';
import { ConnectionShares } from './connection-shares.ts';
import { ConnectionSlots, evictions } from './connection-slots.ts';
import { FailurePolicy, isIgnoredRange } from './failure-policy.ts';
import { InFlightTracker } from './in-flight.ts';
import { LinkMonitor, type LinkOptions } from './link-monitor.ts';
import { pickStealTarget } from './pick-steal-target.ts';
import { type AttemptFacts, RangeAttempt, type RangeAttemptDeps } from './range-attempt.ts';
import type { SchedulerDeps, SchedulerWait } from './scheduler-deps.ts';
import { slowStreams } from './slow-streams.ts';
import type { TransferItem } from './transfer-item.ts';
import { WriteBuffers } from './write-buffers.ts';

export type { RetryNotice, SchedulerDeps, SchedulerWait } from './scheduler-deps.ts';
export type { TransferItem } from './transfer-item.ts';

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
export class TransferScheduler {
  readonly #deps: SchedulerDeps;
  readonly #streamDeps: RangeAttemptDeps;
  readonly #link: LinkMonitor;
  readonly #policy: FailurePolicy;
  readonly #slots = new ConnectionSlots();
  readonly #shares: ConnectionShares;
  readonly #streams = new Set<RangeAttempt>();
  readonly #admission: Admission;
  /** Streams that end because there are more than wanted: no failures. */
  readonly #surplus = new WeakSet<RangeAttempt>();
  readonly #inFlight = new InFlightTracker<TransferItem>();
  #sources: TransferItem[] = [];
  #tick: NodeJS.Timeout | null = null;
  #wake: NodeJS.Timeout | null = null;
  /** Runs while the pool rests. */
  #rest: NodeJS.Timeout | null = null;
  #stopped = false;
  #wait: SchedulerWait | null = null;

  constructor(deps: SchedulerDeps, options: LinkOptions) {
    this.#deps = deps;
    this.#shares = new ConnectionShares(deps.now);
    this.#link = new LinkMonitor(deps.now, options);
    this.#policy = new FailurePolicy(deps.hostBackoff, options.profile, deps.now);
    this.#admission = new Admission(this.#streams, deps);
    this.#streamDeps = {
      ...deps,
      buffers: new WriteBuffers(),
      stallTimeoutMs: () => this.#link.stallTimeoutMs,
      onArrived: (stream, bytes, unwanted) => this.#arrived(stream, bytes, unwanted),
      onLocated: (stream, askedMs) => this.#located(stream, askedMs),
      mayFetch: (stream) => this.#admission.mayFetch(stream),
      mayTakeWhole: (stream) => this.#admission.mayTakeWhole(stream),
    };
  }

  get openStreams(): number {
    return this.#streams.size;
  }
  get streams(): Iterable<AttemptFacts> {
    return this.#streams;
  }

  /** Streams that are wanted now. */
  get wantedStreams(): number {
    return this.#link.wantedStreams;
  }

  /** Without one that is being tried. */
  get provenStreams(): number {
    return this.#link.provenStreams;
  }

  get isMeasuring(): boolean {
    return this.#link.isMeasuring;
  }

  /** What is waited for, or null while bytes move. */
  get wait(): SchedulerWait | null {
    return this.#wait;
  }

  /** Adds a blob, less urgent than those added before. */
  add(source: TransferItem): void {
    this.#sources.push(source);
    if (!this.#stopped) this.#tick ??= setInterval(() => this.#guarded(() => this.#onTick()), TICK_MS);
    this.pump();
  }

  /** Takes a blob away; resolves when no stream writes to it any more and all that had arrived is written. */
  async remove(source: TransferItem): Promise<void> {
    this.#sources = this.#sources.filter((other) => other !== source);
    for (const stream of this.#streams) if (stream.source === source) stream.end(stopped());
    await this.#inFlight.ended(source);
  }

  /** Starts attempts wherever there is work, room and an open host. Call when work has appeared. */
  pump(): void {
    if (this.#stopped || this.#rest) return;
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = null;
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const source of this.#sources) {
      const waitMs = this.#admission.waitMs(source);
      if (waitMs === 0) this.#fill(source);
      else if (source.hasWork()) soonestMs = Math.min(soonestMs, waitMs);
    }
    if (soonestMs < Number.POSITIVE_INFINITY)
      this.#wake = setTimeout(() => this.#guarded(() => this.pump()), soonestMs);
    this.#stealWork();
  }

  /** Ends every wait, and dials again where nothing comes any more. */
  retryNow(): void {
    this.#endRest();
    this.#deps.hostBackoff.reset();
    this.#deps.rangeSupport.reset();
    for (const stream of this.#streams) if (stream.silentMs >= SILENT_MS) stream.redial();
    this.pump();
  }

  /**
   * Ends all attempts and begins none until {@link retryNow}: the computer is about to sleep. Resolves when every byte that had
   * arrived is written.
   */
  async rest(): Promise<void> {
    if (this.#stopped) return;
    this.#rest ??= setTimeout(() => this.#guarded(() => this.retryNow()), REST_MS);
    for (const stream of this.#streams) {
      this.#surplus.add(stream);
      stream.end(stopped());
    }
    await Promise.all([...this.#inFlight.keys].map((source) => this.#inFlight.ended(source)));
  }

  #endRest(): void {
    if (this.#rest) clearTimeout(this.#rest);
    this.#rest = null;
  }

  /** Ends all attempts; resolves when every byte that had arrived is written. */
  async stop(): Promise<void> {
    this.#halt();
    await Promise.all([...this.#inFlight.keys, ...this.#sources].map((source) => this.remove(source)));
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

  #fill(source: TransferItem): void {
    while (this.#freePlaces(isSmall(source)) > 0 && this.#admission.canConnect(source)) {
      const claim = source.claimNext();
      if (!claim) return;
      this.#open(source, claim);
    }
  }

  #freePlaces(forSmall: boolean): number {
    return this.#slots.available([...this.#streams], this.#link.slotRules(forSmall));
  }

  /** With nothing free left, an idle stream takes over half of what the slowest one has still to read. */
  #stealWork(): void {
    // A blob whose URL is being asked for may have free work.
    if (this.#admission.isLocating) return;
    while (this.#streams.size > 0 && this.#freePlaces(false) > 0) {
      const steady = this.#sources.filter((source) => this.#admission.isSteady(source));
      const slowest = pickStealTarget(steady, this.#link.usualBytesPerSecond);
      if (!slowest) return;
      this.#open(slowest.source, slowest.source.table.steal(slowest.claim));
    }
  }

  #open(source: TransferItem, claim: Claim): void {
    const rules = this.#link.slotRules(false);
    if (this.#streams.size >= rules.wanted) this.#slots.dialled(rules);
    const stream = new RangeAttempt(source, claim, this.#shares.take(), this.#streamDeps);
    this.#streams.add(stream);
    const ended = stream
      .run()
      .then(
        (isFetched) => this.#ended(stream, isFetched, null),
        (error) => this.#ended(stream, false, classify(error, { what: `fetching ${source.path}` })),
      )
      .catch((error) => this.#giveUp(classify(error)));
    this.#inFlight.track(source, ended);
  }

  #arrived(stream: RangeAttempt, bytes: number, unwanted: number): void {
    this.#link.arrived(bytes);
    this.#wait = null;
    this.#deps.hostBackoff.progress(stream.host, bytes, stream.startedMs);
    this.#deps.onArrived(bytes, unwanted);
  }

  #located(stream: RangeAttempt, askedMs: number): void {
    const { hostBackoff, hubHost } = this.#deps;
    // A Hub that serves the bytes itself has to prove itself by them.
    if (stream.host !== hubHost) hostBackoff.succeeded(hubHost, askedMs);
    this.pump();
  }

  #ended(stream: RangeAttempt, isFetched: boolean, error: AppError | null): void {
    this.#streams.delete(stream);
    this.#shares.giveBack(stream.share);
    this.#link.streamReached(stream.meanBytesPerSecond);
    stream.source.table.release(stream.claim);
    const isWanted = !this.#stopped && this.#sources.includes(stream.source);
    if (isFetched) this.#policy.succeeded(stream.source, stream.host, stream.startedMs);
    else if (error && isWanted && !this.#surplus.has(stream)) this.#failed(stream, error);
    this.pump();
  }

  #failed(stream: RangeAttempt, error: AppError): void {
    const { source, claim, host, startedMs, deliveredBytes, isRedialled } = stream;
    const verdict = this.#policy.failed({ error, source, host, startedMs, deliveredBytes, isRedialled });
    if (verdict.kind === 'fatal') {
      this.#giveUp(error);
      return;
    }
    if (isIgnoredRange(error)) return; // Told by `onSingleStream`.
    claim.chunk.suspect = true;
    const { attempt, delayMs } = verdict.kind === 'wait' ? verdict : { attempt: 1, delayMs: 0 };
    if (verdict.kind === 'wait') {
      this.#link.failed(error.code);
      this.#wait = { host, error, attempt, untilMs: this.#deps.now() + delayMs };
    }
    this.#deps.onRetry({ source, chunk: claim.chunk.index, error, attempt, delayMs });
  }

  /** A mistake in what a timer does ends this transfer, not the process with all others. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#giveUp(classify(error));
    }
  }

  #onTick(): void {
    const streams = [...this.#streams];
    for (const stream of streams) {
      stream.measure();
      this.#link.streamReached(stream.meanBytesPerSecond);
    }
    this.#link.tick(streams.filter(({ source }) => !isSmall(source)));
    this.#letGo();
    this.pump();
    this.#redialSlow(streams);
  }

  /** Ends streams that lost their place. */
  #letGo(): void {
    const streams = [...this.#streams];
    const rules = this.#link.slotRules(streams.some(({ source }) => isSmall(source)));
    const { silent, surplus } = evictions(streams, rules);
    for (const stream of silent) {
      this.#link.fellSilent();
      stream.redial();
    }
    for (const stream of surplus) {
      this.#surplus.add(stream);
      stream.end(stopped());
    }
  }

  #redialSlow(streams: readonly RangeAttempt[]): void {
    // With room left, what is open is all there is to do.
    const end = this.#freePlaces(false) > 0 ? this.#link : null;
    const slow = slowStreams(streams.filter(mayBeSlow), end);
    const rules = this.#link.slotRules(false);
    for (const stream of slow) {
      if (!this.#slots.mayDial(rules)) return;
      this.#slots.dialled(rules);
      stream.redial();
    }
  }
}

/** Of a whole file another connection would begin from the start. */
const mayBeSlow = ({ ageMs, isWhole }: RangeAttempt): boolean => ageMs > 0 && !isWhole;

function isSmall({ size }: TransferItem): boolean {
  return size <= SMALL_CLAIM_BYTES;
}

function stopped(): AppError {
  return new AppError('Cancelled', 'The transfer was stopped.');
}
