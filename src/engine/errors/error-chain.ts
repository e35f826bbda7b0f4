/** Where a failure happened, as far as known. */
export interface FailureContext {
  /** The requested URL; only its host is shown. */
  readonly url?: string;
  /** What was being done, to follow “while”: `reading the file list`. */
  readonly what?: string;
  /** The path or volume that was used. Its presence marks the failure as one of the disk. */
  readonly disk?: string;
}

/** The facts of one error in a chain of causes. */
export interface FailureFacts {
  /** `error.code` when it is a string, else the empty string. */
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly error: Error;
}

const MAX_LINKS = 20;

/**
 * Returns an error, its causes, and the members of aggregates, outermost first. Bounded, so that a cycle of causes
 * ends.
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
