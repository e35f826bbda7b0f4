import { type Dispatcher, request } from 'undici';
import { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../errors/classify.ts';
import { type Headers, headerValue, isHtml } from '../http/header.ts';
import { readBytes, readErrorText } from '../http/read-text.ts';
import { MAX_REDIRECTS, nextUrl, tooManyRedirects } from '../http/redirect.ts';
import type { Endpoint } from './endpoint.ts';
import { hubError, notAHub, type Subject, tooLong } from './hub-error.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** A redirect's page is read to its end up to this size, to keep the connection; a longer one costs the connection. */
const DISCARD_BYTES = 4096;
/** Nor is it worth more than this time, in milliseconds. */
const DISCARD_MS = 1000;

/** What every request to the Hub shares. */
export interface HubSession {
  readonly endpoint: Endpoint;
  readonly dispatcher: Dispatcher;
  readonly clock: { now(): number };
  readonly userAgent: string;
  /** Longest silence of the server in milliseconds. */
  readonly timeoutMs: number;
  readonly authorizationFor: (url: string) => string | undefined;
  /** Where the token was found, for messages about it; null when that is not known. */
  readonly tokenSource?: () => string | null;
  /** The Hub rejects the token and answers without it. Without this, the token is what is asked about, and is never left out. */
  readonly onTokenRejected?: (() => void) | undefined;
  /** Whether the token of now was rejected before, so that it is not sent. */
  readonly isTokenRejected?: () => boolean;
}

/** One request. */
export interface HubRequest {
  /** GET unless said otherwise. */
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** Of a POST. */
  readonly body?: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Limit for headers and body together, in milliseconds. */
  readonly totalMs: number;
  readonly signal: AbortSignal;
}

/** An answer whose body was not read yet. The reader must read, discard or destroy it. */
export interface HubResponse {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Dispatcher.ResponseData['body'];
  /** Whether the request carried a token. */
  readonly authorized: boolean;
  /** The signal of the caller. */
  readonly signal: AbortSignal;
}

/**
 * Sends one request and follows nothing. The token goes only where `authorizationFor` gives one. One that the Hub rejects (401) is left
 * out where the answer without it is good: an old token must not stand between a person and a public model.
 */
export async function send(session: HubSession, request: HubRequest): Promise<HubResponse> {
  const response = await sendOnce(session, request, session.authorizationFor(request.url.href));
  const { onTokenRejected } = session;
  if (response.status !== 401 || !response.authorized || !onTokenRejected) return response;
  const anonymous = await sendOnce(session, request, undefined);
  const isGood = anonymous.status < 400;
  await discard(isGood ? response : anonymous);
  if (isGood) onTokenRejected();
  return isGood ? anonymous : response;
}

async function sendOnce(
  session: HubSession,
  { method = 'GET', url, headers, body, totalMs, signal }: HubRequest,
  authorization: string | undefined,
): Promise<HubResponse> {
  return guarded(url, signal, async () => {
    const answer = await request(url, {
      method,
      body: body ?? null,
      dispatcher: session.dispatcher,
      headersTimeout: session.timeoutMs,
      bodyTimeout: session.timeoutMs,
      signal: AbortSignal.any([signal, AbortSignal.timeout(totalMs)]),
      headers: {
        'user-agent': session.userAgent,
        ...headers,
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
    return {
      url,
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body,
      authorized: authorization !== undefined,
      signal,
    };
  });
}

/** As {@link send}, following redirects by hand, at most `MAX_REDIRECTS`. */
export async function sendFollowing(session: HubSession, first: HubRequest): Promise<HubResponse> {
  let url = first.url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const response = await send(session, { ...first, url });
    if (!isRedirect(response)) return response;
    await discard(response);
    url = redirectTarget(response);
  }
  throw tooManyRedirects(first.url);
}

/** True for a status that sends elsewhere with `Location`. */
export function isRedirect(response: HubResponse): boolean {
  return REDIRECTS.has(response.status);
}

/** Where a redirect leads; see `nextUrl` for what it refuses. */
export function redirectTarget(response: HubResponse): URL {
  return nextUrl(response.url, headerValue(response.headers, 'location'));
}

/** Ends with a body that nobody wants, reading a few bytes at most. Throws only when the caller stopped the request. */
export async function discard({ body, signal }: HubResponse): Promise<void> {
  await body.dump({ limit: DISCARD_BYTES, signal: AbortSignal.timeout(DISCARD_MS) }).catch(() => {});
  if (signal.aborted) throw stopped(signal);
}

/** The error that a failed answer stands for, after reading the beginning of its body. */
export async function failureOf(
  session: HubSession,
  response: HubResponse,
  subject: Subject,
): Promise<AppError> {
  const body = await readErrorText(response.body, headerValue(response.headers, 'content-encoding'));
  if (response.signal.aborted) return stopped(response.signal);
  return hubError({
    status: response.status,
    headers: response.headers,
    body,
    url: response.url.href,
    nowMs: session.clock.now(),
    endpoint: session.endpoint,
    subject,
    authorized: response.authorized,
    authorization: session.authorizationFor(response.url.href),
    tokenSource: session.tokenSource?.() ?? null,
    isTokenRejected: session.isTokenRejected?.() ?? false,
  });
}

/** The body of a successful answer, decompressed; it may have at most `maxBytes`. Throws `ServerError` for a longer one. */
export async function readBody(
  session: HubSession,
  response: HubResponse,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = headerValue(response.headers, 'content-encoding');
  const { bytes, complete } = await guarded(response.url, response.signal, () =>
    readBytes(response.body, maxBytes, encoding),
  );
  if (isHtml(response.headers)) throw notAHub(session.endpoint, 'html');
  if (!complete) throw tooLong(session.endpoint);
  return bytes;
}

async function guarded<T>(url: URL, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw signal.aborted ? stopped(signal) : classify(error, { url: url.href, what: 'talking to the Hub' });
  }
}

function stopped(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? classify(reason) : new AppError('Cancelled', 'It was stopped.');
}
