import { AppError } from '../../../../shared/contract/errors.ts';

/**
 * Bytes or responses of a Xet server that violate the format. The message describes the problem, for the inspector and
 * logs.
 */
export class XetFormatError extends Error {
  override readonly name = 'XetFormatError';
}

/** Converts it for the user: a fault of the server, and a retry will not help. */
export function unusableAnswer(cause: XetFormatError): AppError {
  const message = `The Xet storage sent something that cannot be used (${cause.message}).`;
  return new AppError('ServerError', message, { retryable: false, cause });
}
