import { AppError } from '../../shared/contract/errors.ts';
import { formatTrouble } from '../../shared/format/trouble.ts';
import { type Headers, headerValue, isHtml } from '../http/header.ts';
import { MAX_REDIRECTS, tooManyRedirects } from '../http/redirect.ts';
import { isHubUrl } from './endpoint.ts';
import { etagHash, isGitSha1 } from './etag.ts';
import {
  discard,
  failureOf,
  type HubResponse,
  type HubSession,
  isRedirect,
  redirectTarget,
  send,
} from './hub-request.ts';
import type { ContentLocation, FileAtCommit } from './remote-file.ts';
import { signedUrlExpiry } from './signed-url.ts';

/**
 * Asks the Hub where the bytes of a file are: `GET /{repo}/resolve/{commit}/{path}` for one byte, following redirects
 * on the Hub itself until one carries the file's metadata, leads off the Hub, or the file itself begins. The metadata of a large
 * file is in the redirect's own headers; the storage server behind it does not know the hash (protocol notes B.2, B.3).
 *
 * Throws `NotFound`, `Gated`, `AuthRequired`, `RateLimited`, `Offline` with `details.captivePortal` for a sign-in page,
 * and what requests throw.
 */
export async function locate(
  session: HubSession,
  file: FileAtCommit,
  signal: AbortSignal,
): Promise<ContentLocation> {
  const start = resolveUrl(session, file);
  let url = start;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const response = await send(session, {
      url,
      headers: { range: 'bytes=0-0', 'accept-encoding': 'identity' },
      totalMs: session.timeoutMs,
      signal,
    });
    if (!isRedirect(response)) return locatedHere(session, response, file);
    await discard(response);
    const next = redirectTarget(response);
    if (hasMetadata(response.headers) || !isHubUrl(session.endpoint, next.href)) {
      return location(next, response.headers, linkedSize(response.headers));
    }
    url = next;
  }
  throw tooManyRedirects(start);
}

function resolveUrl({ endpoint }: HubSession, { repo, commit, path }: FileAtCommit): URL {
  const quoted = path.split('/').map(encodeURIComponent).join('/');
  return new URL(`${endpoint.url}/${repo}/resolve/${commit}/${quoted}`);
}

async function locatedHere(
  session: HubSession,
  response: HubResponse,
  file: FileAtCommit,
): Promise<ContentLocation> {
  const { headers, status } = response;
  if (status !== 200 && status !== 206) return refused(session, response, file);
  await discard(response);
  if (isHtml(headers) && !isFromHub(headers)) throw signInPage(response.url.host);
  return location(response.url, headers, linkedSize(headers) ?? ownSize(status, headers));
}

/** An empty file has no first byte, so 416 with a size of 0 is its normal answer. */
async function refused(
  session: HubSession,
  response: HubResponse,
  file: FileAtCommit,
): Promise<ContentLocation> {
  if (response.status === 416 && headerValue(response.headers, 'content-range') === 'bytes */0') {
    await discard(response);
    // A tag of an error answer is not the file's.
    return { ...location(response.url, response.headers, 0), hash: null };
  }
  throw await failureOf(session, response, { repo: file.repo, revision: file.commit, path: file.path });
}

/** A redirect to a renamed repository has none of these; its own page may have a tag that is no content hash. */
function hasMetadata(headers: Headers): boolean {
  const linked = headers['x-linked-etag'] !== undefined || headers['x-linked-size'] !== undefined;
  return linked || etagHash(headerValue(headers, 'etag')) !== null;
}

/** A repository may hold a web page, so HTML alone does not tell a sign-in page. */
function isFromHub(headers: Headers): boolean {
  return headers['x-repo-commit'] !== undefined || hasMetadata(headers);
}

function location(url: URL, headers: Headers, size: number | null): ContentLocation {
  const commit = headerValue(headers, 'x-repo-commit')?.trim().toLowerCase() ?? '';
  return {
    url: url.href,
    expiresAtMs: signedUrlExpiry(url),
    size,
    hash: etagHash(headerValue(headers, 'x-linked-etag')) ?? ownTag(headers),
    commit: isGitSha1(commit) ? commit : null,
  };
}

/** The tag of a plain file server may look like a hash and mean something else; only a Hub's is the content's. */
function ownTag(headers: Headers): string | null {
  return headers['x-repo-commit'] === undefined ? null : etagHash(headerValue(headers, 'etag'));
}

function linkedSize(headers: Headers): number | null {
  return byteCount(headerValue(headers, 'x-linked-size'));
}

/** With 206 the total of the range; with 200 the length, unless the body is compressed. */
function ownSize(status: number, headers: Headers): number | null {
  if (status === 206) {
    return byteCount(/^bytes \d+-\d+\/(\d+)$/.exec(headerValue(headers, 'content-range') ?? '')?.[1]);
  }
  const encoding = headerValue(headers, 'content-encoding') ?? 'identity';
  return encoding === 'identity' ? byteCount(headerValue(headers, 'content-length')) : null;
}

function byteCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}

function signInPage(host: string): AppError {
  return new AppError('Offline', formatTrouble('sign-in-page', host), {
    details: { host, captivePortal: true, trouble: 'sign-in-page' },
  });
}
