import { AppError, type AppErrorOptions, type ErrorCode } from '../../shared/contract/errors.ts';
import { formatTrouble } from '../../shared/format/trouble.ts';
import { hostOf, withoutCredentials } from '../errors/redact.ts';
import { type Headers, headerValue, isHtml } from './header.ts';
import { pageTitle } from './page-title.ts';
import { responseText } from './response-text.ts';
import { retryAfterMs } from './retry-after.ts';

/** An unexpected HTTP response. */
export interface FailedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The start of the body. */
  readonly body: string;
  /** The requested URL; only its host is shown. */
  readonly url: string;
  /** Host (with port) of the configured Hub: only there are 401 and 403 about the user's token. */
  readonly hubHost: string;
  /** Milliseconds since 1970, to read a `Retry-After` date. Default: the current time. */
  readonly nowMs?: number;
  /** `Authorization` of the request, so that a server that repeats it is not quoted. */
  readonly authorization?: string | undefined;
}

interface Verdict {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable?: boolean;
  readonly details?: AppError['details'];
}

/** 451 is “unavailable for legal reasons” (RFC 7725). */
const FORBIDDING: ReadonlySet<number> = new Set([403, 451]);

/**
 * Returns the error for an HTTP status and the Hub's headers (protocol notes A.4). `details` holds `status`, `host`,
 * and where known `errorCode` (X-Error-Code), `requestId`, `text` and, with 416, `size`.
 */
export function statusError(answer: FailedResponse): AppError {
  const response = withoutRepeatedCredentials(answer);
  const host = hostOf(response.url);
  const text = responseText(response.headers, response.body);
  const onHub = host === response.hubHost;
  const verdict =
    hubVerdict(response, host) ?? blockPage(response, host, onHub) ?? statusVerdict(response, host, onHub);
  const wait = retryAfterMs(response.headers, response.nowMs ?? Date.now());
  const options: AppErrorOptions = {
    details: { ...details(response, host, text), ...verdict.details },
    ...(verdict.retryable === undefined ? {} : { retryable: verdict.retryable }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
  const said = text === '' || verdict.message.includes(text) ? '' : ` It says: “${text}”`;
  return new AppError(verdict.code, `${verdict.message}${said}`, options);
}

function withoutRepeatedCredentials(answer: FailedResponse): FailedResponse {
  const { authorization, headers, body } = answer;
  if (authorization === undefined) return answer;
  const clean = (text: string) => withoutCredentials(text, authorization);
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? clean(value) : value?.map(clean),
  ]);
  return { ...answer, body: clean(body), headers: Object.fromEntries(entries) };
}

/** Returns the error the Hub gives in `X-Error-Code` and `X-Error-Message`, whatever the status. */
function hubVerdict(response: FailedResponse, host: string): Verdict | null {
  const errorCode = headerValue(response.headers, 'x-error-code');
  if (errorCode === 'RepoNotFound')
    return { code: 'NotFound', message: `${host} has no such repository, or it is private.` };
  if (errorCode === 'RevisionNotFound')
    return { code: 'NotFound', message: `${host} has no such revision of the repository.` };
  if (errorCode === 'EntryNotFound')
    return { code: 'NotFound', message: `${host} has no such file in the repository.` };
  if (errorCode === 'GatedRepo') {
    return {
      code: 'Gated',
      message: `The repository is gated: its owner must grant you access on ${host} first.`,
    };
  }
  if (/resource is disabled/i.test(headerValue(response.headers, 'x-error-message') ?? '')) {
    return { code: 'NotFound', message: `${host} has disabled this repository.` };
  }
  return null;
}

/**
 * Returns the error for a web page with a forbidding status instead of the Hub's response: it comes from a filter of a
 * company, a provider or a country. The Hub's own refusals carry its headers and no page (protocol notes A.4). A signed
 * URL may be renewed all the same.
 */
function blockPage({ status, headers, body }: FailedResponse, host: string, onHub: boolean): Verdict | null {
  const isPage = isHtml(headers) || /^\s*<(!doctype html|html)/i.test(body);
  if (!isPage || !FORBIDDING.has(status) || headers['x-error-message'] !== undefined) return null;
  const title = pageTitle(body);
  const said = title === '' ? '' : ` The page says: “${title}”`;
  return {
    code: 'Offline',
    message: `${formatTrouble('blocked', host)}${said}`,
    retryable: !onHub,
    details: { trouble: 'blocked', ...(title === '' ? {} : { title }) },
  };
}

function statusVerdict({ status }: FailedResponse, host: string, onHub: boolean): Verdict {
  switch (status) {
    case 401:
    case 403:
      return onHub ? unauthorized(status, host) : refusedElsewhere(status, host);
    case 404:
    case 410:
      return { code: 'NotFound', message: `${host} doesn’t have what was asked for (${status}).` };
    case 407:
      return {
        code: 'ProxyAuthRequired',
        message: formatTrouble('proxy-password', host),
        details: { trouble: 'proxy-password' },
      };
    case 408:
      return { code: 'Timeout', message: `${host} gave up waiting for the request (408).` };
    case 416:
      return {
        code: 'RangeUnsupported',
        message: `${host} doesn’t have the part of the file that was asked for (416).`,
      };
    case 425:
      return { code: 'ServerError', message: `${host} asks to try again later (425).` };
    case 429:
      return {
        code: 'RateLimited',
        message: `${host} is rate-limiting this computer (429: too many requests).`,
      };
    case 511:
      return {
        code: 'Offline',
        message: 'This network wants you to sign in first (511). Open any page in your browser to sign in.',
      };
    default:
      return otherVerdict(status, host, onHub);
  }
}

function unauthorized(status: number, host: string): Verdict {
  return status === 401
    ? { code: 'AuthRequired', message: `${host} wants a valid access token (401).` }
    : {
        code: 'AuthRequired',
        message: `${host} doesn’t allow this (403). It may want another access token.`,
      };
}

/**
 * No token is sent to hosts other than the Hub: the signed URL has expired, or the storage server refuses it. A new one
 * may help.
 */
function refusedElsewhere(status: number, host: string): Verdict {
  return { code: 'ServerError', message: `The storage server ${host} refused the request (${status}).` };
}

function otherVerdict(status: number, host: string, onHub: boolean): Verdict {
  if (status >= 500) return { code: 'ServerError', message: `${host} is having problems (${status}).` };
  if (status >= 400 && onHub)
    return { code: 'BadRequest', message: `${host} didn’t accept the request (${status}).` };
  if (status >= 400) {
    return {
      code: 'ServerError',
      message: `${host} didn’t accept the request (${status}).`,
      retryable: false,
    };
  }
  return { code: 'ServerError', message: `${host} sent an unexpected answer (${status}).` };
}

function details(response: FailedResponse, host: string, text: string): AppError['details'] {
  const facts: Record<string, string | number> = { status: response.status, host };
  const errorCode = headerValue(response.headers, 'x-error-code');
  if (errorCode !== undefined) facts.errorCode = errorCode.slice(0, 60);
  const requestId =
    headerValue(response.headers, 'x-request-id') ?? headerValue(response.headers, 'x-amz-cf-id');
  if (requestId !== undefined) facts.requestId = requestId.slice(0, 100);
  if (text !== '') facts.text = text;
  // RFC 9110 section 14.4: with a 416, `bytes */SIZE` contains the true size.
  const size = /^bytes \*\/(\d{1,15})$/.exec(headerValue(response.headers, 'content-range') ?? '')?.[1];
  if (response.status === 416 && size !== undefined) facts.size = Number(size);
  return facts;
}
