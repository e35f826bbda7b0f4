import { BATCH_BYTES, BATCH_CHUNK_BYTES } from '../format/decode-records.ts';

/**
 * Batches that all attempts together may have with the decoders or on the way to disk: 48 MiB with their decoded bytes.
 */
const BUDGET_BATCHES = 32;

/**
 * Memory in which records are gathered and decoded, shared with the threads and reused: allocating it for each batch
 * would cost more than the decoding. It is also the budget of all attempts together: an attempt with a batch in
 * progress waits for it while the budget is spent; one without continues, so that none waits for the others.
 */
export class DecodeBuffers {
  readonly #freeRecords: Uint8Array[] = [];
  readonly #freeChunks: Uint8Array[] = [];
  #batches = 0;

  get isSpent(): boolean {
    return this.#batches >= BUDGET_BATCHES;
  }

  /** Returns a buffer for the stored bytes of a batch; its content is undefined. */
  takeRecords(): Uint8Array {
    return this.#freeRecords.pop() ?? new Uint8Array(new SharedArrayBuffer(BATCH_BYTES));
  }

  /** Returns a buffer for the decoded bytes of a batch, which is in progress from now on. */
  takeChunks(): Uint8Array {
    this.#batches += 1;
    return this.#freeChunks.pop() ?? new Uint8Array(new SharedArrayBuffer(BATCH_CHUNK_BYTES));
  }

  /** Returns a buffer that nobody reads or writes any more. */
  giveRecords(records: Uint8Array): void {
    if (this.#freeRecords.length < BUDGET_BATCHES) this.#freeRecords.push(whole(records));
  }

  /** Does the same; the batch is no longer in progress. */
  giveChunks(chunks: Uint8Array): void {
    this.#batches -= 1;
    if (this.#freeChunks.length < BUDGET_BATCHES) this.#freeChunks.push(whole(chunks));
  }
}

const whole = ({ buffer }: Uint8Array): Uint8Array => new Uint8Array(buffer);
