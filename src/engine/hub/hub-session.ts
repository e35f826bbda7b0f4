import type { Dispatcher } from 'undici';
import { AppError } from '../../shared/contract/errors.ts';
import { formatTrouble } from '../../shared/format/trouble.ts';
import { type Endpoint, isHubUrl } from './endpoint.ts';
import type { ListingSession } from './repository-info.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

/** Options of every Hub client. */
export interface HubClientOptions {
  readonly endpoint: Endpoint;
  /** Returns the current token; null for anonymous requests. */
  readonly token: () => string | null;
  /** Source of that token, for messages about it. */
  readonly tokenSource?: () => string | null;
  readonly log?: (level: 'warn', message: string) => void;
  readonly dispatcher: Dispatcher;
  /** Milliseconds since 1970; `Date` fits. */
  readonly clock: { now(): number };
  /** True when `HF_HUB_OFFLINE` is set: nothing is sent. */
  readonly offline: boolean;
  /** For example `haulyard/0.1.0`. */
  readonly userAgent: string;
  /** The built `listing-worker`. */
  readonly listingWorkerUrl: URL;
  /** Longest silence of the server, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
}

/**
 * Creates the shared state of a client's requests. The token is sent to the Hub's own origin only, and not after the
 * Hub has rejected it: public models need none.
 */
export function hubSession(options: HubClientOptions): ListingSession {
  const { endpoint } = options;
  let rejected: string | null = null;
  const isTokenRejected = () => rejected !== null && rejected === options.token();
  const tokenSource = options.tokenSource ?? (() => null);
  return {
    endpoint,
    dispatcher: options.dispatcher,
    clock: options.clock,
    userAgent: options.userAgent,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    authorizationFor: (url) =>
      isHubUrl(endpoint, url) && !isTokenRejected() ? bearer(options.token()) : undefined,
    tokenSource,
    isTokenRejected,
    onTokenRejected: () => {
      if (isTokenRejected()) return;
      rejected = options.token();
      options.log?.('warn', rejectedToken(endpoint, tokenSource()));
    },
    listingWorkerUrl: options.listingWorkerUrl,
  };
}

function rejectedToken({ host }: Endpoint, source: string | null): string {
  const from = source === null ? '' : ` from ${source}`;
  return `${host} didn’t accept the token${from}. Haulyard continues without it, which is enough for public models.`;
}

/** Returns `Bearer …`, or undefined without a token. Throws `AuthRequired` for one that cannot be sent in a header. */
export function bearer(token: string | null): string | undefined {
  const trimmed = token?.trim() ?? '';
  if (trimmed === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(trimmed)) return `Bearer ${trimmed}`;
  throw new AppError('AuthRequired', 'The access token has characters that no token has. Copy it again.');
}

/** Returns the error of a client that may not send anything (`HF_HUB_OFFLINE`). */
export function offlineError({ host }: Endpoint): AppError {
  return new AppError('Offline', formatTrouble('offline-mode', host), {
    retryable: false,
    details: { host, trouble: 'offline-mode' },
  });
}
