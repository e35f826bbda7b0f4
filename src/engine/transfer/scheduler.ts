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
import { SchedulerTimers } from './scheduler-timers.ts';
import { slowStreams } from './slow-streams.ts';
import type { TransferItem } from './transfer-item.ts';
import { WriteBuffers } from './write-buffers.ts';

export type { RetryNotice, SchedulerDeps, SchedulerWait } from './scheduler-deps.ts';
export type { TransferItem } from './transfer-item.ts';

/** Claims up to this size cost latency and hardly any bandwidth. */
const SMALL_CLAIM_BYTES = 256 * 1024;
/** An attempt that was silent for this long when the user or the system says "now" is redialed. */
const SILENT_MS = 3000;

/**
 * Keeps as many attempts busy as the link sustains. Whenever something changes, `pump` starts attempts until the wanted
 * number is open or no work is left; every attempt ends in `#ended`, which releases its unfetched bytes. There are no
 * long-lived workers: an attempt is one request for one claim.
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
  /** Attempts that end because there are more than wanted: not failures. */
  readonly #surplus = new WeakSet<RangeAttempt>();
  readonly #inFlight = new InFlightTracker<TransferItem>();
  #items: TransferItem[] = [];
  readonly #timers = new SchedulerTimers({
    onTick: () => this.#onTick(),
    onWake: () => this.pump(),
    onRestOver: () => this.retryNow(),
    onError: (error) => this.#giveUp(classify(error)),
  });
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

  /** The number of attempts wanted now. */
  get wantedStreams(): number {
    return this.#link.wantedStreams;
  }

  /** Without the one being tried. */
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

  /** Adds a content, less urgent than those added before. */
  add(item: TransferItem): void {
    this.#items.push(item);
    if (!this.#stopped) this.#timers.startTicking();
    this.pump();
  }

  /** Removes a content; resolves when no attempt writes to it any more and everything that had arrived is written. */
  async remove(item: TransferItem): Promise<void> {
    this.#items = this.#items.filter((other) => other !== item);
    for (const stream of this.#streams) if (stream.item === item) stream.end(stopped());
    await this.#inFlight.ended(item);
  }

  /** Starts attempts wherever there is work, a free slot and an open host. Call when work has appeared. */
  pump(): void {
    if (this.#stopped || this.#timers.isResting) return;
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const item of this.#items) {
      const waitMs = this.#admission.waitMs(item);
      if (waitMs === 0) this.#fill(item);
      else if (item.hasWork()) soonestMs = Math.min(soonestMs, waitMs);
    }
    this.#timers.wakeIn(soonestMs);
    this.#stealWork();
  }

  /** Ends every wait, and redials where nothing arrives any more. */
  retryNow(): void {
    this.#timers.endRest();
    this.#deps.hostBackoff.reset();
    this.#deps.rangeSupport.reset();
    for (const stream of this.#streams) if (stream.silentMs >= SILENT_MS) stream.redial();
    this.pump();
  }

  /**
   * Ends all attempts and begins none until {@link retryNow}, because the computer is about to sleep. Resolves when
   * every byte that had arrived is written.
   */
  async rest(): Promise<void> {
    if (this.#stopped) return;
    this.#timers.startRest();
    for (const stream of this.#streams) {
      this.#surplus.add(stream);
      stream.end(stopped());
    }
    await Promise.all([...this.#inFlight.keys].map((item) => this.#inFlight.ended(item)));
  }

  /** Ends all attempts; resolves when every byte that had arrived is written. */
  async stop(): Promise<void> {
    this.#halt();
    await Promise.all([...this.#inFlight.keys, ...this.#items].map((item) => this.remove(item)));
  }

  #halt(): void {
    this.#stopped = true;
    this.#timers.stop();
    for (const stream of this.#streams) stream.end(stopped());
  }

  #giveUp(error: AppError): void {
    if (this.#stopped) return;
    this.#halt();
    this.#deps.onFatal(error);
  }

  #fill(item: TransferItem): void {
    while (this.#freePlaces(isSmall(item)) > 0 && this.#admission.canConnect(item)) {
      const claim = item.claimNext();
      if (!claim) return;
      this.#open(item, claim);
    }
  }

  #freePlaces(forSmall: boolean): number {
    return this.#slots.available([...this.#streams], this.#link.slotRules(forSmall));
  }

  /** With nothing free left, an idle attempt takes over half of what the slowest one has still to read. */
  #stealWork(): void {
    // A content that is being located may have free work.
    if (this.#admission.isLocating) return;
    while (this.#streams.size > 0 && this.#freePlaces(false) > 0) {
      const steady = this.#items.filter((item) => this.#admission.isSteady(item));
      const slowest = pickStealTarget(steady, this.#link.usualBytesPerSecond);
      if (!slowest) return;
      this.#open(slowest.item, slowest.item.table.steal(slowest.claim));
    }
  }

  #open(item: TransferItem, claim: Claim): void {
    const rules = this.#link.slotRules(false);
    if (this.#streams.size >= rules.wanted) this.#slots.dialled(rules);
    const stream = new RangeAttempt(item, claim, this.#shares.take(), this.#streamDeps);
    this.#streams.add(stream);
    const ended = stream
      .run()
      .then(
        (isFetched) => this.#ended(stream, isFetched, null),
        (error) => this.#ended(stream, false, classify(error, { what: `fetching ${item.path}` })),
      )
      .catch((error) => this.#giveUp(classify(error)));
    this.#inFlight.track(item, ended);
  }

  #arrived(stream: RangeAttempt, bytes: number, unwanted: number): void {
    this.#link.arrived(bytes);
    this.#wait = null;
    this.#deps.hostBackoff.progress(stream.host, bytes, stream.startedMs);
    this.#deps.onArrived(bytes, unwanted, stream);
  }

  #located(stream: RangeAttempt, askedMs: number): void {
    const { finderHost } = stream.item.source;
    // A Hub that serves the bytes itself has to prove itself by them.
    if (stream.host !== finderHost) this.#deps.hostBackoff.succeeded(finderHost, askedMs);
    this.pump();
  }

  #ended(stream: RangeAttempt, isFetched: boolean, error: AppError | null): void {
    this.#streams.delete(stream);
    this.#shares.giveBack(stream.share);
    this.#link.streamReached(stream.meanBytesPerSecond);
    stream.item.table.release(stream.claim);
    const isWanted = !this.#stopped && this.#items.includes(stream.item);
    if (isFetched) this.#policy.succeeded(stream.item, stream.host, stream.startedMs);
    else if (error && isWanted && !this.#surplus.has(stream)) this.#failed(stream, error);
    this.pump();
  }

  #failed(stream: RangeAttempt, error: AppError): void {
    const { item, claim, host, startedMs, deliveredBytes, isRedialled } = stream;
    const verdict = this.#policy.failed({ error, item, host, startedMs, deliveredBytes, isRedialled });
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
    this.#deps.onRetry({ item, chunk: claim.chunk.index, error, attempt, delayMs });
  }

  #onTick(): void {
    const streams = [...this.#streams];
    for (const stream of streams) {
      stream.measure();
      this.#link.streamReached(stream.meanBytesPerSecond);
    }
    this.#link.tick(streams.filter(({ item }) => !isSmall(item)));
    this.#letGo();
    this.pump();
    this.#redialSlow(streams);
  }

  /** Ends evicted attempts. */
  #letGo(): void {
    const streams = [...this.#streams];
    const rules = this.#link.slotRules(streams.some(({ item }) => isSmall(item)));
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
    // With slots left, what is open is all there is to do.
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

/** For a whole file, another connection would start over. */
const mayBeSlow = ({ ageMs, isWhole }: RangeAttempt): boolean => ageMs > 0 && !isWhole;

function isSmall({ size }: TransferItem): boolean {
  return size <= SMALL_CLAIM_BYTES;
}

function stopped(): AppError {
  return new AppError('Cancelled', 'The transfer was stopped.');
}
