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

/** A stream that has not moved for so long, in milliseconds, can be measured: it is slow. */
const UNKNOWN_MS = 2000;
/** A stream that got so much is no burst out of some buffer, however short it was. */
const TELLING_BYTES = 256 * 1024;

/** What every stream of a pool needs. */
export interface RangeAttemptDeps {
  readonly buffers: WriteBuffers;
  /** Undefined, or a promise for the time when more may be read. */
  readonly hold: (bytes: number) => Promise<void> | undefined;
  readonly now: () => number;
  readonly stallTimeoutMs: () => number;
  readonly onArrived: (stream: RangeAttempt, bytes: number, unwanted: number) => void;
  /** It is known where the bytes are. */
  readonly onLocated: (stream: RangeAttempt, askedMs: number) => void;
  /** False when the host that turned out to have the bytes must be left alone for now. */
  readonly mayFetch: (stream: RangeAttempt) => boolean;
  /** The host ignores ranges and sends the whole file: true when this stream is to take it. */
  readonly mayTakeWhole: (stream: RangeAttempt) => boolean;
}

/** What may be seen of a stream. */
export type AttemptFacts = Pick<
  RangeAttempt,
  'item' | 'claim' | 'kind' | 'host' | 'name' | 'share' | 'deliveredBytes' | 'silentMs'
>;

/** One attempt at one claim: it asks for the URL, sends one request, and writes what arrives. */
export class RangeAttempt implements RangeSink, AttemptPace {
  readonly item: TransferItem;
  readonly #claim: Claim;
  /** What its connection brought lately, by the clock, for people. */
  readonly share: ConnectionShare;
  readonly #deps: RangeAttemptDeps;
  readonly #writer: ClaimWriter;
  /** Takes the place of {@link #writer} when the whole file comes. */
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

  /** Host that is being asked: first where the bytes are, then for the bytes. */
  get host(): string {
    return this.#host;
  }

  /** Who brings the bytes; null while that is not known. */
  get kind(): SourceKind | null {
    return this.#place?.kind ?? null;
  }

  /** What people call who brings the bytes, where that is not the host. */
  get name(): string | undefined {
    return this.#place?.name;
  }

  /** When {@link host} began to be asked. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** True while it is asked where the bytes are. */
  get isLocating(): boolean {
    return this.#isLocating;
  }

  /** True when it was this side that ended it, for being slow. */
  get isRedialled(): boolean {
    return this.#isRedialled;
  }

  get deliveredBytes(): number {
    return (this.#whole ?? this.#writer).arrivedBytes;
  }

  /** True once enough came to say that the host works. */
  get isHealthy(): boolean {
    return this.deliveredBytes >= MIN_PROGRESS_BYTES;
  }

  get ageMs(): number {
    return this.#meter.ageMs;
  }

  /** While it could move: time that it stood still for our own disk or for the speed limit does not count. */
  get bytesPerSecond(): number {
    return this.#meter.bytesPerSecond;
  }

  get windowBytes(): number {
    return this.#meter.windowBytes;
  }

  /** Bytes per second over its whole life; 0 while that was too short to say anything about the line. */
  get meanBytesPerSecond(): number {
    const { ageMs } = this.#meter;
    const tells = ageMs >= UNKNOWN_MS || this.deliveredBytes >= TELLING_BYTES;
    return tells ? (this.deliveredBytes * 1000) / Math.max(1, ageMs) : 0;
  }

  get silentMs(): number {
    return this.#meter.silentMs;
  }

  /**
   * Resolves when all that was claimed is written (true), or when the host must be left alone for now (false). Rejects with
   * an `AppError` after writing what had arrived.
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
    if (this.isFull()) return true; // All of it was given to another stream meanwhile.
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

  /** To be called a few times a second: writes what was gathered and takes the pace. */
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
