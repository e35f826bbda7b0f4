import { AppError } from '../../shared/contract/errors.ts';

/** Fails with Cancelled when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new AppError('Cancelled', 'Canceled. No file was changed.');
  }
}
