import type { ByteRange } from '../../../../shared/model/byte-range.ts';
import type { RangeSink } from '../../source.ts';
import { unusableAnswer, XetFormatError } from '../format/format-error.ts';
import type { Term } from '../protocol/reconstruction.ts';
import { type RecordBatch, RecordBatches } from './record-batches.ts';

/** Decodes whole records, `chunkBytes` long once decoded, elsewhere than in this thread. The records may be taken away. */
export type DecodeRecords = (batch: RecordBatch) => Promise<Uint8Array>;

/** Batches that are being decoded or written at once for one stream, before its socket is no longer read. */
const MAX_BATCHES = 2;

/** What a term brings. */
export interface TermWork {
  readonly term: Term;
  /** Index in the xorb of the first record that comes. */
  readonly firstRecord: number;
  /** The part of the file that is wanted. */
  readonly wanted: ByteRange;
  readonly sink: RangeSink;
  readonly decode: DecodeRecords;
}

/** Takes the stored bytes of one term and hands its decoded bytes to a sink, in order, as far as they are wanted. */
export class TermSink implements RangeSink {
  readonly #work: TermWork;
  readonly #batches: RecordBatches;
  /** Offset in the file of the next decoded byte. */
  #position: number;
  /** The same, of the bytes that are not decoded yet. */
  #announced: number;
  #open = 0;
  #tail: Promise<void> = Promise.resolve();
  #failure: unknown = null;

  constructor(work: TermWork) {
    const { term, firstRecord } = work;
    this.#work = work;
    this.#position = this.#announced = term.start;
    this.#batches = new RecordBatches(term.chunkStart - firstRecord, term.chunkEnd - term.chunkStart);
  }

  isFull(): boolean {
    return this.#batches.isComplete || this.#work.sink.isFull();
  }

  push(bytes: Buffer): Promise<void> | undefined {
    if (this.#failure !== null) return this.#tail;
    try {
      for (const batch of this.#batches.add(bytes)) this.#deliver(batch);
      if (this.#batches.isComplete) this.#requireLength();
    } catch (error) {
      return Promise.reject(error instanceof XetFormatError ? unusableAnswer(error) : error);
    }
    return this.#open >= MAX_BATCHES ? this.#tail : undefined;
  }

  /** Resolves when all that came is decoded and taken; rejects with the first error of decoder or sink. */
  async finish(): Promise<void> {
    await this.#tail;
  }

  #deliver(batch: RecordBatch): void {
    const { term, decode } = this.#work;
    this.#announced += batch.chunkBytes;
    if (this.#announced > term.end) throw new XetFormatError('a term: its chunks are longer than it');
    this.#open += 1;
    const decoded = decode(batch);
    decoded.catch(() => undefined); // Told by the tail.
    this.#tail = this.#tail.then(async () => this.#hand(await decoded)).finally(() => (this.#open -= 1));
    this.#tail.catch((error) => {
      this.#failure = error;
    });
  }

  #requireLength(): void {
    const { start, end } = this.#work.term;
    if (this.#announced === end) return;
    throw new XetFormatError(`a term of ${this.#announced - start} bytes where ${end - start} were promised`);
  }

  async #hand(decoded: Uint8Array): Promise<void> {
    const { wanted, sink } = this.#work;
    const at = this.#position;
    this.#position += decoded.length;
    const from = Math.max(0, wanted.start - at);
    const to = Math.min(decoded.length, wanted.end - at);
    if (from >= to || sink.isFull()) return;
    await sink.push(Buffer.from(decoded.buffer, decoded.byteOffset + from, to - from));
  }
}
