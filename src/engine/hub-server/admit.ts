import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Refusal } from './refusal.ts';

/** Who is admitted. */
export interface Admission {
  /** Names of this computer besides addresses, `localhost` and `*.local`; lower case. */
  readonly names: ReadonlySet<string>;
  /** The required bearer token; null for none. */
  readonly secret: string | null;
}

/**
 * Rejects requests that a foreign page makes a browser send, and, with a secret, those without it.
 *
 * A page may make its own name resolve to this computer (DNS rebinding): then the browser takes the response for the
 * page's own and lets it be read. Such a request has the page's host in `Host`. An address in its place can't be
 * rebound.
 */
export function admit({ headers }: IncomingMessage, { names, secret }: Admission): void {
  const host = hostName(headers.host);
  if (!isOwnName(host, names)) {
    throw new Refusal(421, 'This computer is not known by the name in the request.');
  }
  const { origin } = headers;
  if (origin !== undefined && !isSameHost(origin, headers.host)) {
    throw new Refusal(403, 'Pages of other sites may not read from this server.');
  }
  // Following a link from another page is fine: that displays a response and lets nobody read it.
  if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
    throw new Refusal(403, 'Pages of other sites may not read from this server.');
  }
  if (secret !== null && !isSecret(headers.authorization, secret)) {
    throw new Refusal(401, 'This server asks for its secret as a bearer token.', {
      'www-authenticate': 'Bearer realm="haulyard"',
    });
  }
}

/**
 * Returns the name or address in a `Host` header, in lower case, without port, brackets and trailing dot; empty for
 * none.
 */
function hostName(host: string | undefined): string {
  const [, v6, name = ''] = /^(?:\[([0-9a-f:.]+)\]|([^[\]:@/\\\s]+))(?::\d{1,5})?$/i.exec(host ?? '') ?? [];
  return (v6 ?? name).toLowerCase().replace(/\.$/, '');
}

function isOwnName(host: string, names: ReadonlySet<string>): boolean {
  return isIP(host) !== 0 || host === 'localhost' || /^[^.].*\.local$/.test(host) || names.has(host);
}

function isSameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** Takes a time that does not reveal how much of it is right. */
function isSecret(authorization: string | undefined, secret: string): boolean {
  const [, given = ''] = /^Bearer[ ]+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(secret));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
