import type { Dispatcher } from 'undici';
import { AppError } from '../../shared/contract/errors.ts';
import { formatTrouble } from '../../shared/format/trouble.ts';
import { type Endpoint, isHubUrl } from './endpoint.ts';
import type { ListingSession } from './repository-info.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

/** What every client of a Hub needs. */
export interface HubClientOptions {
  readonly endpoint: Endpoint;
  /** The token at this moment; null for anonymous requests. */
  readonly token: () => string | null;
  /** Where that token was found, for messages about it. */
  readonly tokenSource?: () => string | null;
  readonly log?: (level: 'warn', message: string) => void;
  readonly dispatcher: Dispatcher;
  /** Milliseconds since 1970; `Date` fits. */
  readonly clock: { now(): number };
  /** True when `HF_HUB_OFFLINE` is set: nothing is sent. */
  readonly offline: boolean;
  /** For instance `haulyard/0.1.0`. */
  readonly userAgent: string;
  /** The built `listing-worker`. */
  readonly listingWorkerUrl: URL;
  /** Longest silence of the server, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
}

/**
 * What the requests of a client share. The token goes to the Hub's own origin alone, and no longer when the Hub has rejected it:
 * public models need none.
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

/** `Bearer …`, undefined without a token. Throws `AuthRequired` for one that cannot be sent in a header. */
export function bearer(token: string | null): string | undefined {
  const trimmed = token?.trim() ?? '';
  if (trimmed === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(trimmed)) return `Bearer ${trimmed}`;
  throw new AppError('AuthRequired', 'The access token has characters that no token has. Copy it again.');
}

/** The error of a client that may not send anything (`HF_HUB_OFFLINE`). */
export function offlineError({ host }: Endpoint): AppError {
  return new AppError('Offline', formatTrouble('offline-mode', host), {
    retryable: false,
    details: { host, trouble: 'offline-mode' },
  });
}
