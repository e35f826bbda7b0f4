import { AppError } from '../../shared/contract/errors.ts';

/** More hops than this are a loop (docs: engine section 4). */
export const MAX_REDIRECTS = 10;

/**
 * Returns the target of a redirect. `location` may be relative. Its user name, password and fragment are dropped.
 *
 * Throws `ServerError` when it is missing or not a URL, and, without a retry, when it leaves http(s) or goes from https
 * to http. The latter is allowed only between loopback hosts, for tests.
 */
export function nextUrl(current: URL, location: string | undefined): URL {
  if (location === undefined || location.trim() === '') throw refused(current, 'without an address', true);
  const text = utf8(location.trim());
  if (!URL.canParse(text, current.href)) throw refused(current, 'to something that is not an address', true);
  const next = new URL(text, current);
  if (next.protocol !== 'https:' && next.protocol !== 'http:') {
    throw refused(current, `to a ${next.protocol} address, which isn’t safe to follow`, false);
  }
  const downgrade = current.protocol === 'https:' && next.protocol === 'http:';
  if (downgrade && !(isLoopback(current.hostname) && isLoopback(next.hostname))) {
    throw refused(current, `from https to http (${next.host}), which isn’t safe to follow`, false);
  }
  next.username = '';
  next.password = '';
  next.hash = '';
  return next;
}

/** Returns the error for a chain of more than {@link MAX_REDIRECTS}. */
export function tooManyRedirects(start: URL): AppError {
  return new AppError(
    'ServerError',
    `${start.host} redirects in a circle (more than ${MAX_REDIRECTS} times).`,
    {
      details: { host: start.host },
    },
  );
}

/** Header values arrive as Latin-1; servers that do not escape a name send UTF-8. */
function utf8(text: string): string {
  const decoded = Buffer.from(text, 'latin1').toString('utf8');
  return decoded.includes('\uFFFD') ? text : decoded;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function refused(current: URL, what: string, retryable: boolean): AppError {
  return new AppError('ServerError', `${current.host} redirects ${what}.`, {
    retryable,
    details: { host: current.host },
  });
}
