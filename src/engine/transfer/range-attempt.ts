import { AppError } from '../../shared/contract/errors.ts';
import type { SourceKind } from '../../shared/model/transport.ts';
import type { RangeSink, SourcePlace } from '../sources/source.ts';
import { AttemptMeter } from './attempt-meter.ts';
import type { Claim } from './chunk-table.ts';
import { ClaimWriter } from './claim-writer.ts';
import type { ConnectionShare } from './connection-shares.ts';
import { MIN_PROGRESS_BYTES } from './host-backoff.ts';
import type { AttemptPace } from './slow-streams.ts';
import type { TransferItem } from './transfer-item.ts';
import { WholeBodyWriter } from './whole-body.ts';
import type { WriteBuffers } from './write-buffers.ts';

/** An attempt without progress for this long, in milliseconds, can be measured: it is slow. */
const UNKNOWN_MS = 2000;
/** An attempt that got this much is not a burst out of a buffer, however short it was. */
const TELLING_BYTES = 256 * 1024;

/** Dependencies of every attempt of a scheduler. */
export interface RangeAttemptDeps {
  readonly buffers: WriteBuffers;
  /** Returns undefined, or a promise that resolves when reading may continue. */
  readonly hold: (bytes: number) => Promise<void> | undefined;
  readonly now: () => number;
  readonly stallTimeoutMs: () => number;
  readonly onArrived: (stream: RangeAttempt, bytes: number, unwanted: number) => void;
  /** Called when the bytes have been located. */
  readonly onLocated: (stream: RangeAttempt, askedMs: number) => void;
  /** Returns false when the located host must be left alone for now. */
  readonly mayFetch: (stream: RangeAttempt) => boolean;
  /** Called when the host ignores ranges and sends the whole file: returns true when this attempt is to take it. */
  readonly mayTakeWhole: (stream: RangeAttempt) => boolean;
}

/** The public fields of an attempt. */
export type AttemptFacts = Pick<
  RangeAttempt,
  'item' | 'claim' | 'kind' | 'host' | 'name' | 'share' | 'deliveredBytes' | 'silentMs'
>;

/** One attempt at one claim: it locates the bytes, sends one request, and writes what arrives. */
export class RangeAttempt implements RangeSink, AttemptPace {
  readonly item: TransferItem;
  readonly #claim: Claim;
  /** Recent bytes of its connection, by the clock, for display. */
  readonly share: ConnectionShare;
  readonly #deps: RangeAttemptDeps;
  readonly #writer: ClaimWriter;
  /** Replaces {@link #writer} when the whole file arrives. */
  #whole: WholeBodyWriter | null = null;
  readonly #meter: AttemptMeter;
  readonly #abort = new AbortController();
  #host: string;
  #place: SourcePlace | null = null;
  #startedMs: number;
  #isLocating: boolean;
  #isRedialled = false;
  /** True when the pace is that of bytes that are pushed later. */
  #isPacedByLine = false;

  constructor(item: TransferItem, claim: Claim, share: ConnectionShare, deps: RangeAttemptDeps) {
    this.item = item;
    this.#claim = claim;
    this.share = share;
    this.#deps = deps;
    const { host, finderHost } = item.source;
    this.#host = host ?? finderHost;
    this.#isLocating = host === null;
    this.#startedMs = deps.now();
    this.#meter = new AttemptMeter(deps.now);
    this.#meter.hold(); // Until the request begins.
    this.#writer = this.#writerFor(claim);
  }

  #writerFor(claim: Claim): ClaimWriter {
    return new ClaimWriter(claim, {
      buffers: this.#deps.buffers,
      write: (buffers, position) => this.item.write(buffers, position),
      onWritten: (range) => {
        this.#place?.wrote?.(range);
        this.item.written(claim.chunk, range);
      },
      onArrived: (bytes, unwanted) => this.#arrived(bytes, unwanted),
      hold: this.#deps.hold,
    });
  }

  #arrived(bytes: number, unwanted: number): void {
    if (!this.#isPacedByLine) this.#meter.add(bytes);
    this.share.add(bytes);
    this.#deps.onArrived(this, bytes, unwanted);
  }

  /** What it is fetching. */
  get claim(): Claim {
    return this.#whole?.claim ?? this.#claim;
  }

  /** True when it takes the whole file from a host that ignores ranges: another attempt would begin from the start. */
  get isWhole(): boolean {
    return this.#whole !== null;
  }

  /** The host being contacted: first the one that knows where the bytes are, then the one that has them. */
  get host(): string {
    return this.#host;
  }

  /** Kind of the source; null while it is unknown. */
  get kind(): SourceKind | null {
    return this.#place?.kind ?? null;
  }

  /** Name of the source for people, if that is not the host. */
  get name(): string | undefined {
    return this.#place?.name;
  }

  /** When {@link host} was first contacted. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** True while the bytes are being located. */
  get isLocating(): boolean {
    return this.#isLocating;
  }

  /** True when this side ended it, for being slow. */
  get isRedialled(): boolean {
    return this.#isRedialled;
  }

  get deliveredBytes(): number {
    return (this.#whole ?? this.#writer).arrivedBytes;
  }

  /** True once enough arrived to show that the host works. */
  get isHealthy(): boolean {
    return this.deliveredBytes >= MIN_PROGRESS_BYTES;
  }

  get ageMs(): number {
    return this.#meter.ageMs;
  }

  /**
   * Counts only time in which it could make progress: waiting for our own disk or for the speed limit does not count.
   */
  get bytesPerSecond(): number {
    return this.#meter.bytesPerSecond;
  }

  get windowBytes(): number {
    return this.#meter.windowBytes;
  }

  /** Bytes per second over its whole life; 0 while that was too short to say anything about the link. */
  get meanBytesPerSecond(): number {
    const { ageMs } = this.#meter;
    const tells = ageMs >= UNKNOWN_MS || this.deliveredBytes >= TELLING_BYTES;
    return tells ? (this.deliveredBytes * 1000) / Math.max(1, ageMs) : 0;
  }

  get silentMs(): number {
    return this.#meter.silentMs;
  }

  /**
   * Resolves when everything claimed is written (true), or when the host must be left alone for now (false). Rejects
   * with an `AppError` after writing what had arrived.
   */
  async run(): Promise<boolean> {
    const askedMs = this.#startedMs;
    const wasLocating = this.#isLocating;
    const { position: start, end } = this.#claim;
    const place = await this.item.source.find({ start, end }, this.#abort.signal);
    this.#host = place.host;
    this.#place = place;
    this.#startedMs = this.#deps.now();
    this.#isLocating = false;
    if (wasLocating) this.#deps.onLocated(this, askedMs);
    if (!this.#deps.mayFetch(this)) return false;
    if (this.isFull()) return true; // All of it was given to another attempt in the meantime.
    this.#meter.release();
    try {
      await this.#fetch(place);
    } finally {
      await (this.#whole ?? this.#writer).finish();
    }
    return true;
  }

  /** Ends the attempt; `run` rejects with `reason`. */
  end(reason: AppError): void {
    this.#abort.abort(reason);
  }

  /** Ends the attempt so that a new connection takes over. */
  redial(): void {
    this.#isRedialled = true;
    this.end(new AppError('Stalled', 'A connection was far too slow and is opened again.'));
  }

  /** Call a few times a second: writes what was gathered and samples the pace. */
  measure(): void {
    (this.#whole ?? this.#writer).flush();
    this.#meter.sample();
    const { ageMs, bytesPerSecond } = this.#meter;
    const isUnknown = bytesPerSecond === 0 && ageMs < UNKNOWN_MS;
    this.claim.bytesPerSecond = isUnknown ? 0 : Math.max(1, bytesPerSecond);
  }

  isFull(): boolean {
    return (this.#whole ?? this.#writer).isFull();
  }

  push(bytes: Buffer): Promise<void> | undefined {
    const wait = (this.#whole ?? this.#writer).push(bytes);
    if (!wait) return undefined;
    this.#meter.hold();
    const release = () => this.#meter.release();
    wait.then(release, release);
    return wait;
  }

  arriving(bytes: number): void {
    this.#isPacedByLine = true;
    this.#meter.add(bytes);
  }

  takeWhole(): boolean {
    if (!this.#deps.mayTakeWhole(this)) return false;
    const { item } = this;
    item.table.freeUnread();
    this.#whole = new WholeBodyWriter({
      claimFrom: (position) => item.claimNext(position),
      release: (claim) => {
        item.table.release(claim);
      },
      writerFor: (claim) => this.#writerFor(claim),
      compare: (bytes, position) => item.compare(bytes, position),
      onSkipped: (bytes) => this.#arrived(bytes, bytes),
    });
    return true;
  }

  #fetch(place: SourcePlace): Promise<void> {
    const { position: start, end } = this.#claim;
    const { signal } = this.#abort;
    const { stallTimeoutMs } = this.#deps;
    return place.fetch({ start, end }, this, {
      signal,
      stallTimeoutMs,
      deliveredBytes: () => this.deliveredBytes,
      hasProgressed: () => this.isHealthy,
    });
  }
}
