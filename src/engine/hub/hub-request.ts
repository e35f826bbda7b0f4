import { type Dispatcher, request } from 'undici';
import { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../errors/classify.ts';
import { type Headers, headerValue, isHtml } from '../http/header.ts';
import { readBytes, readErrorText } from '../http/read-text.ts';
import { MAX_REDIRECTS, nextUrl, tooManyRedirects } from '../http/redirect.ts';
import type { Endpoint } from './endpoint.ts';
import { hubError, notAHub, type Subject, tooLong } from './hub-error.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/**
 * The page of a redirect is read to its end up to this size, to keep the connection; a longer one costs the connection.
 */
const DISCARD_BYTES = 4096;
/** Time limit for that, in milliseconds. */
const DISCARD_MS = 1000;

/** Shared state of all requests to the Hub. */
export interface HubSession {
  readonly endpoint: Endpoint;
  readonly dispatcher: Dispatcher;
  readonly clock: { now(): number };
  readonly userAgent: string;
  /** Longest silence of the server in milliseconds. */
  readonly timeoutMs: number;
  readonly authorizationFor: (url: string) => string | undefined;
  /** Source of the token, for messages about it; null when unknown. */
  readonly tokenSource?: () => string | null;
  /**
   * Called when the Hub rejects the token and responds without it. If absent, the request is about the token, which is
   * never left out.
   */
  readonly onTokenRejected?: (() => void) | undefined;
  /** Whether the current token was rejected before, so that it is not sent. */
  readonly isTokenRejected?: () => boolean;
}

/** One request. */
export interface HubRequest {
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** Body of a POST. */
  readonly body?: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Limit for headers and body together, in milliseconds. */
  readonly totalMs: number;
  readonly signal: AbortSignal;
}

/** A response whose body has not been read yet. The reader must read, discard or destroy it. */
export interface HubResponse {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Dispatcher.ResponseData['body'];
  /** Whether the request carried a token. */
  readonly authorized: boolean;
  /** The caller's signal. */
  readonly signal: AbortSignal;
}

/**
 * Sends one request without following redirects. The token is sent only where `authorizationFor` returns one. A token
 * that the Hub rejects (401) is left out if the response without it is good: an old token must not stand between a
 * person and a public model.
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

/** Does the same as {@link send}, following at most `MAX_REDIRECTS` redirects manually. */
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

/** True for a status that redirects with `Location`. */
export function isRedirect(response: HubResponse): boolean {
  return REDIRECTS.has(response.status);
}

/** Returns the target of a redirect; see `nextUrl` for what it rejects. */
export function redirectTarget(response: HubResponse): URL {
  return nextUrl(response.url, headerValue(response.headers, 'location'));
}

/** Discards an unwanted body, reading a few bytes at most. Throws only when the caller aborted the request. */
export async function discard({ body, signal }: HubResponse): Promise<void> {
  await body.dump({ limit: DISCARD_BYTES, signal: AbortSignal.timeout(DISCARD_MS) }).catch(() => {});
  if (signal.aborted) throw stopped(signal);
}

/** Returns the error for a failed response, after reading the start of its body. */
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

/**
 * Returns the decompressed body of a successful response, at most `maxBytes`. Throws `ServerError` for a longer one.
 */
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
    throw signal.aborted ? stopped(signal) : classify(error, { url: url.href, what: 'asking for models' });
  }
}

function stopped(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? classify(reason) : new AppError('Cancelled', 'It was stopped.');
}
