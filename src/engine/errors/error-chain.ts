/** What is known about where a failure happened. */
export interface FailureContext {
  /** What was asked for; only its host is told. */
  readonly url?: string;
  /** What was being done, to follow “while”: `reading the file list`. */
  readonly what?: string;
  /** The path or volume that was used. Its presence says that the failure is one of the disk. */
  readonly disk?: string;
}

/** The facts of one error in a chain of causes. */
export interface FailureFacts {
  /** `error.code` when it is text, else the empty string. */
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly error: Error;
}

const MAX_LINKS = 20;

/**
 * An error, what caused it, and the members of aggregates, outermost first. Bounded, so that a circle of causes ends.
 */
export function failureChain(error: unknown): FailureFacts[] {
  const chain: FailureFacts[] = [];
  const seen = new Set<unknown>();
  const waiting: unknown[] = [error];
  while (waiting.length > 0 && seen.size < MAX_LINKS) {
    const next = waiting.shift();
    if (!(next instanceof Error) || seen.has(next)) continue;
    seen.add(next);
    chain.push(factsOf(next));
    waiting.push(next.cause, ...(next instanceof AggregateError ? next.errors.slice(0, MAX_LINKS) : []));
  }
  return chain;
}

function factsOf(error: Error): FailureFacts {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, name: error.name, message: error.message, error };
}
