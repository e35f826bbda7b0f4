import { BATCH_BYTES, BATCH_CHUNK_BYTES } from '../format/decode-records.ts';

/** Batches that all streams together have with the decoders or on the way to the disk: 48 MiB with their decoded bytes. */
const BUDGET_BATCHES = 32;

/**
 * Memory in which records are gathered and decoded, shared with the threads and used again and again: what is made and thrown away
 * for each batch would cost more than the decoding. It is also the budget of all streams together: a stream that has a batch under
 * way waits for it while the budget is spent; one that has none goes on, so that none waits for the others.
 */
export class DecodeBuffers {
  readonly #freeRecords: Uint8Array[] = [];
  readonly #freeChunks: Uint8Array[] = [];
  #batches = 0;

  get isSpent(): boolean {
    return this.#batches >= BUDGET_BATCHES;
  }

  /** Room for the stored bytes of a batch; its content is anything. */
  takeRecords(): Uint8Array {
    return this.#freeRecords.pop() ?? new Uint8Array(new SharedArrayBuffer(BATCH_BYTES));
  }

  /** Room for the decoded bytes of a batch, which is under way from now on. */
  takeChunks(): Uint8Array {
    this.#batches += 1;
    return this.#freeChunks.pop() ?? new Uint8Array(new SharedArrayBuffer(BATCH_CHUNK_BYTES));
  }

  /** Gives back what nobody reads or writes any more. */
  giveRecords(records: Uint8Array): void {
    if (this.#freeRecords.length < BUDGET_BATCHES) this.#freeRecords.push(whole(records));
  }

  /** The same; the batch is no longer under way. */
  giveChunks(chunks: Uint8Array): void {
    this.#batches -= 1;
    if (this.#freeChunks.length < BUDGET_BATCHES) this.#freeChunks.push(whole(chunks));
  }
}

const whole = ({ buffer }: Uint8Array): Uint8Array => new Uint8Array(buffer);
