import {
  BATCH_BYTES,
  BATCH_CHUNK_BYTES,
  MAX_BATCH_BYTES,
  type RecordBatch,
} from '../format/decode-records.ts';
import { RECORD_HEADER_BYTES, readRecordHeader } from '../format/record.ts';

/**
 * Cuts the stored bytes of a xorb, as they come from a socket, into batches of whole records: `skipped` records are left out, the
 * `count` that follow are kept, and what comes behind them is dropped. Memory: one batch, in which one record may be begun.
 */
export class RecordBatches {
  #skipped: number;
  #left: number;
  /** Bytes to be dropped before the next header. */
  #dropBytes = 0;
  #bytes = emptyBatch();
  #filled = 0;
  /** End of the last whole record in {@link #bytes}. */
  #wholeBytes = 0;
  #wholeRecords = 0;
  #chunkBytes = 0;

  constructor(skipped: number, count: number) {
    this.#skipped = skipped;
    this.#left = count;
  }

  /** True when every record that is wanted has come. */
  get isComplete(): boolean {
    return this.#left === 0;
  }

  /** Takes bytes before it returns. Throws `XetFormatError` for a record that no writer makes. @returns batches that are full, or the last one */
  add(bytes: Uint8Array): readonly RecordBatch[] {
    const batches: RecordBatch[] = [];
    for (let at = 0; at < bytes.length && !this.isComplete; ) {
      at += this.#take(bytes.subarray(at));
      const isFull = this.#wholeBytes >= BATCH_BYTES || this.#chunkBytes >= BATCH_CHUNK_BYTES;
      if (isFull || this.isComplete) batches.push(...this.rest());
    }
    return batches;
  }

  /** The whole records that wait for a batch to become full; what came of the next one stays. */
  rest(): readonly RecordBatch[] {
    return this.#wholeBytes === 0 ? [] : [this.#cut()];
  }

  /** Takes what belongs to the record that is under way. @returns how many bytes that were */
  #take(bytes: Uint8Array): number {
    if (this.#dropBytes > 0) {
      const dropped = Math.min(this.#dropBytes, bytes.length);
      this.#dropBytes -= dropped;
      return dropped;
    }
    const have = this.#filled - this.#wholeBytes;
    if (have < RECORD_HEADER_BYTES) {
      const taken = this.#append(bytes.subarray(0, RECORD_HEADER_BYTES - have));
      if (have + taken === RECORD_HEADER_BYTES) this.#begin();
      return taken;
    }
    const { bodyBytes } = readRecordHeader(this.#bytes, this.#wholeBytes);
    const taken = this.#append(bytes.subarray(0, RECORD_HEADER_BYTES + bodyBytes - have));
    this.#endIfWhole();
    return taken;
  }

  #append(bytes: Uint8Array): number {
    this.#bytes.set(bytes, this.#filled);
    this.#filled += bytes.length;
    return bytes.length;
  }

  /** A header is whole: the record is one to skip, or one to keep. */
  #begin(): void {
    const { bodyBytes } = readRecordHeader(this.#bytes, this.#wholeBytes);
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      this.#filled = this.#wholeBytes;
      this.#dropBytes = bodyBytes;
    } else this.#endIfWhole();
  }

  #endIfWhole(): void {
    const { bodyBytes, chunkBytes } = readRecordHeader(this.#bytes, this.#wholeBytes);
    if (this.#filled - this.#wholeBytes < RECORD_HEADER_BYTES + bodyBytes) return;
    this.#wholeBytes = this.#filled;
    this.#wholeRecords += 1;
    this.#chunkBytes += chunkBytes;
    this.#left -= 1;
  }

  #cut(): RecordBatch {
    const batch = {
      records: this.#bytes.subarray(0, this.#wholeBytes),
      count: this.#wholeRecords,
      chunkBytes: this.#chunkBytes,
    };
    const begun = this.#bytes.subarray(this.#wholeBytes, this.#filled);
    this.#bytes = emptyBatch();
    this.#bytes.set(begun);
    this.#filled = begun.length;
    this.#wholeBytes = this.#wholeRecords = this.#chunkBytes = 0;
    return batch;
  }
}

function emptyBatch(): Uint8Array<ArrayBuffer> {
  const { buffer } = Buffer.allocUnsafeSlow(MAX_BATCH_BYTES);
  return new Uint8Array(buffer);
}
