import { type Headers, headerList, headerValue } from './header.ts';

/** The longest wait a server may impose: one hour. */
const MAX_WAIT_MS = 3_600_000;

/**
 * Returns the wait requested by the server, in milliseconds; `undefined` when there is none.
 *
 * Reads `Retry-After` (RFC 9110 section 10.2.3: seconds or a date) and the Hub's `RateLimit: "api";r=0;t=295`
 * (remaining requests, seconds to the end of the window), which counts only when nothing remains. The longest wait
 * wins; one over an hour is capped at an hour, a date in the past is 0. A date is read against the response's own
 * `Date`, because the clocks of server and client may differ. `nowMs` is used where that is absent.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const sentMs = dateMs(headerValue(headers, 'date')) ?? nowMs;
  const waits = [fromRetryAfter(headerValue(headers, 'retry-after'), sentMs), ...fromRateLimit(headers)];
  const known = waits.filter((wait) => wait !== undefined);
  return known.length === 0 ? undefined : Math.min(Math.max(...known, 0), MAX_WAIT_MS);
}

function fromRetryAfter(value: string | undefined, sentMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const untilMs = dateMs(text);
  return untilMs === undefined ? undefined : untilMs - sentMs;
}

/** Date.parse accepts almost anything with a number in it; an HTTP date begins with the name of a day. */
function dateMs(value: string | undefined): number | undefined {
  const text = value?.trim() ?? '';
  const ms = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
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
