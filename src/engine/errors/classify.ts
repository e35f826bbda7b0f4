import { AppError } from '../../shared/contract/errors.ts';
import { databaseError } from './database-error.ts';
import { diskError } from './disk-error.ts';
import { type FailureContext, type FailureFacts, failureChain } from './error-chain.ts';
import { networkError } from './network-error.ts';
import { redact } from './redact.ts';

const MAX_CHARACTERS = 300;

/**
 * Turns anything thrown into an `AppError`. An `AppError` is returned as it is, also when it is a cause. Recognizes
 * undici, sockets, DNS, TLS, proxies, the disk, SQLite and aborts; looks into causes and aggregates, outermost first;
 * everything else is `Internal`. Neither message nor details ever hold the query of a URL or a token.
 */
export function classify(error: unknown, context: FailureContext = {}): AppError {
  const chain = failureChain(error);
  for (const facts of chain) {
    const known = facts.error instanceof AppError ? facts.error : meaning(facts, context);
    if (known !== null) return known;
  }
  return unknownFailure(error, context);
}

function meaning(facts: FailureFacts, context: FailureContext): AppError | null {
  // Where a disk was named, an errno that networks use too (a network volume) is about that disk.
  const onDisk = context.disk === undefined ? null : diskError(facts, context);
  return (
    onDisk ??
    networkError(facts, context) ??
    diskError(facts, context) ??
    databaseError(facts) ??
    cancelled(facts)
  );
}

/** Checked after the network: undici also reports a proxy's refusal as an abort. */
function cancelled({ code, name, error }: FailureFacts): AppError | null {
  if (name !== 'AbortError' && code !== 'ABORT_ERR' && code !== 'UND_ERR_ABORTED') return null;
  // An abort with a reason is described by that reason, further down the chain.
  if (error.cause instanceof AppError) return null;
  return new AppError('Cancelled', 'It was stopped.', { cause: error });
}

function unknownFailure(error: unknown, context: FailureContext): AppError {
  const text = redact(error instanceof Error ? error.message : String(error)).slice(0, MAX_CHARACTERS);
  const name = error instanceof Error ? error.name : typeof error;
  const code = failureChain(error).find((facts) => facts.code !== '')?.code;
  const where = context.what === undefined ? '' : ` while ${redact(context.what)}`;
  return new AppError('Internal', `Something unexpected happened${where}: ${text}`, {
    cause: error,
    details: { name, ...(code === undefined ? {} : { errno: code }) },
  });
}
