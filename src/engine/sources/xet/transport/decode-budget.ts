/** Bytes, stored and decoded, that all streams together have with the decoders or on the way to the disk. */
const BUDGET_BYTES = 32 * 1024 * 1024;

/**
 * How much memory all streams together give to what is being decoded. A stream that has a batch under way waits for it while the
 * budget is spent; one that has none goes on, so that none waits for the others.
 */
export class DecodeBudget {
  #takenBytes = 0;

  get isSpent(): boolean {
    return this.#takenBytes >= BUDGET_BYTES;
  }

  /** @returns to be called once, when the bytes are not needed any more */
  take(bytes: number): () => void {
    this.#takenBytes += bytes;
    return () => {
      this.#takenBytes -= bytes;
    };
  }
}
