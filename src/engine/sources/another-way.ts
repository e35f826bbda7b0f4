import type { AppError } from '../../shared/contract/errors.ts';

/** The server refused a signed URL (401 or 403): the source asks for a new one before the user is told. */
export function isRefusedUrl(error: AppError): boolean {
  return error.retryable && (error.details.status === 401 || error.details.status === 403);
}

/** The source goes another way with the next request: by a new URL, or by another transport. Nobody has to wait for that. */
export function hasAnotherWay(error: AppError): boolean {
  return isRefusedUrl(error) || error.details.otherTransport !== undefined;
}
