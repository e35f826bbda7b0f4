import { setTimeout as pause } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import { AppError } from '../../../../shared/contract/errors.ts';
import { classify } from '../../../errors/classify.ts';
import { headerValue } from '../../../http/header.ts';
import { readBytes, readErrorText } from '../../../http/read-text.ts';
import { responseText } from '../../../http/response-text.ts';
import { retryAfterMs } from '../../../http/retry-after.ts';
import type { StorageToken } from './token-cache.ts';

/** Longest silence of the storage, in milliseconds. */
const SILENCE_MS = 30_000;
/** Longest time for one response; a weak network needs a while for a few hundred kilobytes. */
const TOTAL_MS = 180_000;
/** Tries of a request whose answer is a convenience: without it, the content is fetched and verified as usual. */
const TRIES = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 20_000;
/** Statuses of an unsupported request. */
const UNKNOWN = new Set([404, 405, 501]);

/** One request to the storage. */
export interface CasQuestion {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Path and query, beginning with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest response that is read, in bytes after decompression. */
  readonly maxBytes: number;
  readonly token: (signal: AbortSignal) => Promise<StorageToken>;
  /** Called when the storage refused this token. */
  readonly refused: (token: StorageToken) => void;
}

/**
 * Sends a request to the storage; returns null when it has no such data. A refused token is renewed once, and a busy or
 * failing server retried a few times. Throws an `AppError`, whose text contains no token and no signed URL.
 */
export async function askCas(question: CasQuestion, signal: AbortSignal): Promise<Uint8Array | null> {
  let wasRefused = false;
  for (let attempt = 1; ; attempt += 1) {
    const token = await question.token(signal);
    try {
      return await askOnce(question, token, signal);
    } catch (error) {
      const failure = classify(error);
      if (failure.code === 'AuthRequired' && !wasRefused) {
        wasRefused = true;
        question.refused(token);
        continue;
      }
      if (!failure.retryable || attempt >= TRIES || signal.aborted) throw failure;
      const wait = Math.max(FIRST_PAUSE_MS * 3 ** (attempt - 1), failure.retryAfterMs ?? 0);
      if (wait > LONGEST_PAUSE_MS) throw failure;
      await pause(wait, undefined, { signal });
    }
  }
}

async function askOnce(
  { dispatcher, userAgent, path, headers, maxBytes }: CasQuestion,
  { accessToken, casUrl }: StorageToken,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const { host } = new URL(casUrl);
  const answer = await request(`${casUrl}${path}`, {
    dispatcher,
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TOTAL_MS)]),
    headers: {
      'user-agent': userAgent,
      'accept-encoding': 'gzip',
      ...headers,
      authorization: `Bearer ${accessToken}`,
    },
  }).catch((error: unknown) => {
    throw classify(error, { url: `${casUrl}/` });
  });
  const encoding = headerValue(answer.headers, 'content-encoding');
  if (answer.statusCode === 200) {
    const { bytes, complete } = await readBytes(answer.body, maxBytes, encoding);
    if (complete) return bytes;
    throw new AppError('ServerError', `${host} gave an answer that is too long to be true.`, {
      retryable: false,
    });
  }
  const text = responseText(answer.headers, await readErrorText(answer.body, encoding));
  signal.throwIfAborted();
  if (UNKNOWN.has(answer.statusCode)) return null;
  throw refusal(answer.statusCode, host, text, retryAfterMs(answer.headers, Date.now()));
}

function refusal(status: number, host: string, text: string, retryAfter: number | undefined): AppError {
  const said = `${host} answered with ${status}${text === '' ? '' : ` (${text.replace(/\.$/, '')})`}.`;
  const details = { host, status };
  if (status === 401) return new AppError('AuthRequired', `${said} The Xet token was refused.`, { details });
  if (status === 429 || status === 408 || status >= 500) {
    const options = retryAfter === undefined ? { details } : { details, retryAfterMs: retryAfter };
    return new AppError(status === 429 ? 'RateLimited' : 'ServerError', said, options);
  }
  return new AppError('ServerError', said, { retryable: false, details });
}
