import { AppError } from '../../shared/contract/errors.ts';

/** Throws `Cancelled` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new AppError('Cancelled', 'Canceled. No file was changed.');
  }
}
