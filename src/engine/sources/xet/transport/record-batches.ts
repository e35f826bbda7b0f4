import { MAX_BODY_BYTES, RECORD_HEADER_BYTES, readRecordHeader } from '../format/record.ts';

/** Stored bytes that are decoded together: large enough to keep messages to a thread few. */
export const BATCH_BYTES = 512 * 1024;

/** Whole records, one behind the other. */
export interface RecordBatch {
  readonly records: Uint8Array<ArrayBuffer>;
  readonly count: number;
  /** Length once decoded, in bytes, as the headers say. */
  readonly chunkBytes: number;
}

/**
 * Cuts the stored bytes of a xorb, as they come from a socket, into batches of whole records: `skipped` records are left out, the
 * `count` that follow are kept, and what comes behind them is dropped. Memory: one batch and one record.
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
      if (this.#wholeBytes >= BATCH_BYTES || (this.isComplete && this.#wholeBytes > 0)) {
        batches.push(this.#cut());
      }
    }
    return batches;
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
    this.#bytes = emptyBatch();
    this.#filled = this.#wholeBytes = this.#wholeRecords = this.#chunkBytes = 0;
    return batch;
  }
}

function emptyBatch(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(BATCH_BYTES + RECORD_HEADER_BYTES + MAX_BODY_BYTES);
}
