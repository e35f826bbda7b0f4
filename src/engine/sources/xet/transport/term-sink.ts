import type { ByteRange } from '../../../../shared/model/byte-range.ts';
import type { RangeSink } from '../../source.ts';
import type { RecordBatch } from '../format/decode-records.ts';
import { unusableAnswer, XetFormatError } from '../format/format-error.ts';
import type { Term } from '../protocol/reconstruction.ts';
import type { DecodeBuffers } from './decode-buffers.ts';
import { RecordBatches } from './record-batches.ts';

/** Decodes whole records into `out`, in another thread. Until it settles, nobody else uses either. */
export type DecodeRecords = (batch: RecordBatch, out: Uint8Array) => Promise<void>;

/** Batches that are decoded or written at once for one attempt, before its socket is paused. */
const MAX_BATCHES = 2;
/**
 * Longest wait of whole records, in milliseconds, for a batch to become full: what arrived over a slow network is
 * durable soon.
 */
const LONGEST_WAIT_MS = 250;

/** What to fetch for a term. */
export interface TermWork {
  readonly term: Term;
  /** Index in the xorb of the first record that arrives. */
  readonly firstRecord: number;
  /** Stored bytes that arrive. */
  readonly storedBytes: number;
  /** The part of the file that is wanted. */
  readonly wanted: ByteRange;
  readonly sink: RangeSink;
  readonly decode: DecodeRecords;
  readonly buffers: DecodeBuffers;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

/**
 * Receives the stored bytes of one term and passes its decoded bytes to a sink, in order, as far as they are wanted.
 */
export class TermSink implements RangeSink {
  readonly #work: TermWork;
  readonly #batches: RecordBatches;
  /** Offset in the file of the next decoded byte. */
  #position: number;
  /** The same for the bytes that are not decoded yet. */
  #announced: number;
  #arrivedBytes = 0;
  #deliveredMs: number;
  /** Batches in progress, the oldest first; each waits for those before. */
  readonly #underWay: Promise<void>[] = [];
  #tail: Promise<void> = Promise.resolve();
  readonly #aborted = Promise.withResolvers<void>();
  readonly #onAbort = (): void => this.#aborted.resolve();
  #hasFailed = false;

  constructor(work: TermWork) {
    const { term, firstRecord, buffers, signal } = work;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#aborted.resolve();
    this.#work = work;
    this.#position = this.#announced = term.start;
    this.#deliveredMs = work.now();
    const count = term.chunkEnd - term.chunkStart;
    this.#batches = new RecordBatches(term.chunkStart - firstRecord, count, () => buffers.takeRecords());
  }

  isFull(): boolean {
    return this.#batches.isComplete || this.#work.sink.isFull();
  }

  push(bytes: Buffer): Promise<void> | undefined {
    if (this.#hasFailed) return this.#tail;
    const { now, buffers, sink } = this.#work;
    sink.arriving?.(bytes.length);
    try {
      this.#deliver(this.#batches.add(bytes));
      if (now() - this.#deliveredMs >= LONGEST_WAIT_MS) this.#deliver(this.#batches.rest());
      this.#requireRecords(bytes.length);
    } catch (error) {
      return Promise.reject(this.#broken(error));
    }
    const [oldest] = this.#underWay;
    return this.#underWay.length >= MAX_BATCHES || buffers.isSpent ? oldest : undefined;
  }

  /** Resolves when everything received is decoded and delivered; rejects with the first error of decoder or sink. */
  async finish(): Promise<void> {
    try {
      // The connection may have dropped in the middle of a batch.
      if (!this.#hasFailed) this.#deliver(this.#batches.rest());
      await this.#tail;
    } catch (error) {
      throw this.#broken(error);
    } finally {
      const memory = this.#batches.release();
      if (memory) this.#work.buffers.giveRecords(memory);
      this.#work.signal.removeEventListener('abort', this.#onAbort);
    }
  }

  #broken(error: unknown): unknown {
    this.#hasFailed = true;
    return error instanceof XetFormatError ? unusableAnswer(error) : error;
  }

  #deliver(batches: readonly RecordBatch[]): void {
    for (const batch of batches) {
      this.#deliveredMs = this.#work.now();
      this.#announced += batch.chunkBytes;
      if (this.#announced > this.#work.term.end)
        throw new XetFormatError('a term: its chunks are longer than it');
      this.#decode(batch);
    }
  }

  #decode(batch: RecordBatch): void {
    const { decode, buffers } = this.#work;
    const memory = buffers.takeChunks();
    const decoded = decode(batch, memory).finally(() => buffers.giveRecords(batch.records));
    const before = this.#tail;
    const handed = (async () => {
      try {
        // Its memory is in use until both have settled, whatever their outcome.
        await Promise.allSettled([decoded, before]);
        await before;
        await decoded;
        await this.#hand(memory.subarray(0, batch.chunkBytes));
      } finally {
        buffers.giveChunks(memory);
        this.#underWay.shift();
      }
    })();
    handed.catch(() => {
      this.#hasFailed = true;
    });
    this.#underWay.push(handed);
    this.#tail = handed;
  }

  /** The range must have all records of the term, and these all its bytes. */
  #requireRecords(newBytes: number): void {
    const { term, storedBytes } = this.#work;
    this.#arrivedBytes += newBytes;
    if (!this.#batches.isComplete) {
      if (this.#arrivedBytes >= storedBytes)
        throw new XetFormatError('a term: some of its chunks are missing');
    } else if (this.#announced !== term.end) {
      const length = this.#announced - term.start;
      throw new XetFormatError(`a term of ${length} bytes where ${term.end - term.start} were promised`);
    }
  }

  async #hand(decoded: Uint8Array): Promise<void> {
    const { wanted, sink } = this.#work;
    const at = this.#position;
    this.#position += decoded.length;
    const from = Math.max(0, wanted.start - at);
    const to = Math.min(decoded.length, wanted.end - at);
    if (from >= to || sink.isFull()) return;
    const wait = sink.push(Buffer.from(decoded.buffer, decoded.byteOffset + from, to - from));
    // Received bytes are kept when the attempt is ended; waiting for a speed limit then would block the caller.
    if (wait) await Promise.race([wait, this.#aborted.promise]);
  }
}
