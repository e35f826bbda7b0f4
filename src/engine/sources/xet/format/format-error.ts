import { AppError } from '../../../../shared/contract/errors.ts';

/** Bytes or answers of a Xet server that break the format. The message says what is wrong, for the inspector and logs. */
export class XetFormatError extends Error {
  override readonly name = 'XetFormatError';
}

/** The same for the user: a fault of the server, and asking again will not help. */
export function unusableAnswer(cause: XetFormatError): AppError {
  const message = `The Xet storage sent something that cannot be used (${cause.message}).`;
  return new AppError('ServerError', message, { retryable: false, cause });
}
