import type { Wait } from '../conditions/pause.ts';
import type { FaultActions } from './fault.ts';

/** The connection is cut after `bytes` bytes of the body. With `reset` bytes still under way are lost as well. */
export function cutAfterBytes(bytes: number, { reset = false } = {}): FaultActions {
  return { cutAfterBytes: { bytes, reset } };
}

/** The connection is cut before any answer. */
export function cutBeforeHeaders(): FaultActions {
  return { cutBeforeHeaders: true };
}

/** Silence before the headers, for `ms` milliseconds or until somebody gives up. */
export function stallBeforeHeaders(ms: Wait = 'forever'): FaultActions {
  return { stallBeforeHeaders: ms };
}

/** Silence after the headers. */
export function stallAfterHeaders(ms: Wait = 'forever'): FaultActions {
  return { stallAfterHeaders: ms };
}

/** Silence after `bytes` bytes of the body. */
export function stallAfterBytes(bytes: number, ms: Wait = 'forever'): FaultActions {
  return { stallAfterBytes: { bytes, ms } };
}

/** The body trickles. */
export function dribble(bytesPerSecond: number): FaultActions {
  return { dribble: bytesPerSecond };
}

/** Any status with any headers and body. */
export function answerWith(status: number, body = '', headers: Record<string, string> = {}): FaultActions {
  return { answer: { status, body, headers } };
}

/** 429 with `Retry-After` in seconds. */
export function tooManyRequests(retryAfterSeconds: number): FaultActions {
  return answerWith(429, 'Too many requests', { 'retry-after': String(retryAfterSeconds) });
}

/** 429 as the Hub gives it: no `Retry-After`, only `RateLimit` headers and an HTML page. */
export function rateLimited(resetSeconds: number): FaultActions {
  return answerWith(429, HTML_RATE_LIMIT, {
    'content-type': 'text/html; charset=utf-8',
    ratelimit: `"resolvers";r=0;t=${resetSeconds}`,
    'ratelimit-policy': '"fixed window";"resolvers";q=3000;w=300',
  });
}

/** A server error, such as 500, 502 or 503, with an HTML page. */
export function serverError(status = 503, headers: Record<string, string> = {}): FaultActions {
  const body = `<html><head><title>${status}</title></head><body><h1>${status} Server Error</h1></body></html>`;
  return answerWith(status, body, { 'content-type': 'text/html', ...headers });
}

/** 401 for a token that is not, or no longer, good. */
export function unauthorized(): FaultActions {
  const message = 'Invalid credentials in Authorization header';
  return answerWith(401, JSON.stringify({ error: message }), {
    'content-type': 'application/json; charset=utf-8',
    'x-error-message': message,
  });
}

/** 403 with an XML body, as a CDN words it. */
export function forbidden(message = 'Access denied'): FaultActions {
  return answerWith(403, accessDeniedXml(message), { 'content-type': 'application/xml' });
}

/** 403 in the words of a CDN whose URL is good for another range alone. */
export function invalidRange(): FaultActions {
  return answerWith(403, INVALID_RANGE);
}

/** 200 and the whole file instead of the requested range. */
export function wholeBodyForRange(): FaultActions {
  return { wholeBodyForRange: true };
}

/** A Content-Range that is `bytes` off at both ends. */
export function shiftContentRange(bytes = 1): FaultActions {
  return { shiftContentRange: bytes };
}

/** A Content-Range with another total size. */
export function wrongTotal(total: number): FaultActions {
  return { wrongTotal: total };
}

/** 416 for any range. */
export function refuseRange(): FaultActions {
  return { refuseRange: true };
}

/** A gzip-encoded body, though identity was requested. */
export function gzipBody(): FaultActions {
  return { gzipBody: true };
}

/**
 * The body ends after `bytes` bytes and the connection is closed in an orderly way. Content-Length has the right
 * length, or with `short` the one that is sent, so that only Content-Range gives it away.
 */
export function shortBody(bytes: number, contentLength: 'right' | 'short' = 'right'): FaultActions {
  return { shortBody: { bytes, contentLength } };
}

/** The login page of a captive portal, with 200. */
export function loginPage(): FaultActions {
  return answerWith(200, HTML_LOGIN, { 'content-type': 'text/html; charset=utf-8' });
}

/** A redirect without end. */
export function redirectLoop(): FaultActions {
  return { redirectLoop: true };
}

/** A redirect to any place, such as `file:///etc/passwd`. */
export function redirectTo(location: string, status = 302): FaultActions {
  return answerWith(status, `Found. Redirecting to ${location}`, { location });
}

/** The bytes at these file offsets arrive inverted: damage in flight, with right headers and length. */
export function flipBytes(...offsets: number[]): FaultActions {
  return { flipBytes: offsets };
}

/** The signed URL has expired: 403 for it from now on, until the client resolves again. */
export function expiredUrl(): FaultActions {
  return { expireUrl: true };
}

/** Metadata names another SHA-256 for a file. */
export function announceHash(file: string, sha256: string): FaultActions {
  return { announce: { file, sha256 } };
}

/** Metadata names another size for a file. */
export function announceSize(file: string, size: number): FaultActions {
  return { announce: { file, size } };
}

/** A branch moves just before the request is answered. */
export function branchMoves(repo: string, branch: string, commit: string): FaultActions {
  return { moveBranch: { repo, branch, commit } };
}

/** Headers added to the answer or, with null, missing from it. */
export function withHeaders(headers: Record<string, string | null>): FaultActions {
  return { headers };
}

/** The body of a CDN whose URL was bound to another range by the request that returned it. */
export const INVALID_RANGE = 'Auth failed: invalid range';

/** The body of a CDN that refuses. */
export function accessDeniedXml(message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
}

const HTML_RATE_LIMIT =
  '<!doctype html><html><head><title>429</title></head><body><h1>429</h1><p>We had to rate limit you.</p></body></html>';
const HTML_LOGIN =
  '<!doctype html><html><head><title>Welcome</title></head><body><form action="/login">Please log in to use this Wi-Fi.</form></body></html>';
