/** A question that is under way, and how many wait for its answer. */
interface Open<T> {
  readonly answer: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * One question at a time for all who want its answer. Who stops waiting takes the answer from nobody; when the last one stops, the
 * question is taken back.
 */
export class SharedQuestion<T> {
  #open: Open<T> | null = null;

  /** The answer of the question that is under way, else of a new one. Rejects as that does, or with the reason of `signal`. */
  async ask(question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const open = this.#open ?? this.#begin(question);
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    open.waiting += 1;
    try {
      return await Promise.race([open.answer, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      open.waiting -= 1;
      if (open.waiting === 0) open.abort.abort(signal.reason);
    }
  }

  #begin(question: (signal: AbortSignal) => Promise<T>): Open<T> {
    const abort = new AbortController();
    const end = () => {
      if (this.#open === open) this.#open = null;
    };
    const answer = question(abort.signal).finally(end);
    answer.catch(() => undefined); // Told to those who wait; there may be none any more.
    abort.signal.addEventListener('abort', end);
    const open: Open<T> = { answer, abort, waiting: 0 };
    this.#open = open;
    return open;
  }
}
