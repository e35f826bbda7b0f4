import type { AppError } from '../../shared/contract/errors.ts';

/** A server refused what the Hub had signed: the source asks for a new address before the user is told. */
export function isRefusedUrl(error: AppError): boolean {
  return error.retryable && (error.details.status === 401 || error.details.status === 403);
}
