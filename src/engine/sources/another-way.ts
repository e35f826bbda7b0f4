import type { AppError } from '../../shared/contract/errors.ts';

/** The server refused a signed URL (401 or 403): the source asks for a new one before the user is told. */
export function isRefusedUrl(error: AppError): boolean {
  return error.retryable && (error.details.status === 401 || error.details.status === 403);
}

/**
 * The next request goes another way: by a new URL, by another transport, or to another machine. Nobody has to wait for that.
 */
export function hasAnotherWay(error: AppError): boolean {
  return (
    isRefusedUrl(error) || ['otherTransport', 'otherSource'].some((way) => error.details[way] !== undefined)
  );
}
