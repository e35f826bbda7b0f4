import { BATCH_BYTES, BATCH_CHUNK_BYTES, type RecordBatch } from '../format/decode-records.ts';
import { RECORD_HEADER_BYTES, type RecordHeader, readRecordHeader } from '../format/record.ts';

/** Returns memory for a batch, {@link BATCH_BYTES} long. */
export type TakeRecords = () => Uint8Array;

/**
 * Divides the stored bytes of a xorb, as they arrive from a socket, into batches of whole records: `skipped` records
 * are left out, the `count` that follow are kept, and what follows them is dropped. Memory: one batch, which may end in
 * a partial record.
 */
export class RecordBatches {
  readonly #takeMemory: TakeRecords;
  #skipped: number;
  #left: number;
  /** Bytes to be dropped before the next header. */
  #dropBytes = 0;
  #bytes: Uint8Array | null = null;
  #filled = 0;
  /** End of the last whole record in {@link #bytes}. */
  #wholeBytes = 0;
  #wholeRecords = 0;
  #chunkBytes = 0;
  /** Header of the partial record; null until it is complete. */
  #header: RecordHeader | null = null;

  constructor(skipped: number, count: number, takeMemory: TakeRecords) {
    this.#skipped = skipped;
    this.#left = count;
    this.#takeMemory = takeMemory;
  }

  /** True when every wanted record has arrived. */
  get isComplete(): boolean {
    return this.#left === 0;
  }

  /**
   * Uses bytes before it returns. Throws `XetFormatError` for a record that no writer produces. @returns batches that
   * are full, or the last one
   */
  add(bytes: Uint8Array): readonly RecordBatch[] {
    const batches: RecordBatch[] = [];
    for (let at = 0; at < bytes.length && !this.isComplete; ) at += this.#take(bytes.subarray(at), batches);
    if (this.isComplete) batches.push(...this.rest());
    return batches;
  }

  /** Returns the whole records of an incomplete batch; the start of the next one is kept. */
  rest(): readonly RecordBatch[] {
    return this.#wholeBytes === 0 ? [] : [this.#cut()];
  }

  /** Returns the memory that it holds and no longer uses; null for none. */
  release(): Uint8Array | null {
    const bytes = this.#bytes;
    this.#bytes = null;
    this.#filled = this.#wholeBytes = this.#wholeRecords = this.#chunkBytes = 0;
    return bytes;
  }

  /** Takes what belongs to the current record. @returns the number of bytes */
  #take(bytes: Uint8Array, batches: RecordBatch[]): number {
    if (this.#dropBytes > 0) {
      const dropped = Math.min(this.#dropBytes, bytes.length);
      this.#dropBytes -= dropped;
      return dropped;
    }
    const have = this.#filled - this.#wholeBytes;
    if (this.#header === null) {
      if (this.#filled + RECORD_HEADER_BYTES - have > BATCH_BYTES) batches.push(...this.rest());
      const taken = this.#append(bytes.subarray(0, RECORD_HEADER_BYTES - have));
      if (have + taken === RECORD_HEADER_BYTES) this.#begin(batches);
      return taken;
    }
    const taken = this.#append(bytes.subarray(0, RECORD_HEADER_BYTES + this.#header.bodyBytes - have));
    this.#endIfWhole(this.#header);
    return taken;
  }

  #append(bytes: Uint8Array): number {
    this.#bytes ??= this.#takeMemory();
    this.#bytes.set(bytes, this.#filled);
    this.#filled += bytes.length;
    return bytes.length;
  }

  /** A header is complete: the record is one to skip, or one to keep, in this batch or the next. */
  #begin(batches: RecordBatch[]): void {
    const header = readRecordHeader(this.#bytes ?? new Uint8Array(), this.#wholeBytes);
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      this.#filled = this.#wholeBytes;
      this.#dropBytes = header.bodyBytes;
      return;
    }
    const isTooLong = this.#filled + header.bodyBytes > BATCH_BYTES;
    if (isTooLong || this.#chunkBytes + header.chunkBytes > BATCH_CHUNK_BYTES) batches.push(...this.rest());
    this.#header = header;
    this.#endIfWhole(header);
  }

  #endIfWhole({ bodyBytes, chunkBytes }: RecordHeader): void {
    if (this.#filled - this.#wholeBytes < RECORD_HEADER_BYTES + bodyBytes) return;
    this.#header = null;
    this.#wholeBytes = this.#filled;
    this.#wholeRecords += 1;
    this.#chunkBytes += chunkBytes;
    this.#left -= 1;
  }

  #cut(): RecordBatch {
    const bytes = this.#bytes ?? this.#takeMemory();
    const records = bytes.subarray(0, this.#wholeBytes);
    const begun = bytes.subarray(this.#wholeBytes, this.#filled);
    const batch = { records, count: this.#wholeRecords, chunkBytes: this.#chunkBytes };
    this.#bytes = null;
    this.#filled = this.#wholeBytes = this.#wholeRecords = this.#chunkBytes = 0;
    if (begun.length > 0) this.#append(begun);
    return batch;
  }
}
