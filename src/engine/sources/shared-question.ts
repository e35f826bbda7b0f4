/** A running request, and the number of callers that wait for its answer. */
interface Open<T> {
  readonly answer: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * Shares one request among all callers that want its answer. A caller that stops waiting does not affect the others;
 * when the last one stops, the request is aborted.
 */
export class SharedQuestion<T> {
  #open: Open<T> | null = null;

  /**
   * Returns the answer of the running request, or of a new one. Rejects as that does, or with the reason of `signal`.
   */
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
    answer.catch(() => undefined); // Reported to the callers that wait; there may be none any more.
    abort.signal.addEventListener('abort', end);
    const open: Open<T> = { answer, abort, waiting: 0 };
    this.#open = open;
    return open;
  }
}
