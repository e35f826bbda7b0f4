import type { AppError } from '../../shared/contract/errors.ts';

/**
 * True when the server refused a signed URL (401 or 403): the source requests a new one before the user is notified.
 */
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
