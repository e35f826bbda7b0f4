import { type Headers, headerList, headerValue } from './header.ts';

/** No server may silence us for longer than this: one hour. */
const MAX_WAIT_MS = 3_600_000;

/**
 * How long the server asks us to wait, in milliseconds, `undefined` when it does not ask.
 *
 * Reads `Retry-After` (RFC 9110 section 10.2.3: seconds or a date) and the Hub's `RateLimit: "api";r=0;t=295`
 * (remaining requests, seconds to the end of the window), which counts only when nothing remains. The longest wait
 * wins; one over an hour is cut to an hour, a date in the past is 0.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const waits = [fromRetryAfter(headerValue(headers, 'retry-after'), nowMs), ...fromRateLimit(headers)];
  const known = waits.filter((wait) => wait !== undefined);
  return known.length === 0 ? undefined : Math.min(Math.max(...known, 0), MAX_WAIT_MS);
}

function fromRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Date.parse takes almost anything with a number in it; an HTTP date begins with the name of a day.
  const dateMs = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : dateMs - nowMs;
}

function fromRateLimit(headers: Headers): number[] {
  const waits: number[] = [];
  for (const policy of (headerList(headers, 'ratelimit') ?? '').split(',')) {
    const remaining = parameter(policy, 'r');
    const seconds = parameter(policy, 't');
    if (remaining === 0 && seconds !== undefined) waits.push(seconds * 1000);
  }
  return waits;
}

function parameter(policy: string, name: string): number | undefined {
  const match = new RegExp(`;\\s*${name}=(\\d+)(?=\\s*(;|$))`).exec(policy);
  return match === null ? undefined : Number(match[1]);
}
