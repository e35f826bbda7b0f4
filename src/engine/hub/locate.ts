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
import { xetAnnouncement } from './xet-announcement.ts';

/** Statuses of a HEAD that mean nothing for a GET, or whose reason is only in the body of a GET. */
const ASK_WITH_GET: ReadonlySet<number> = new Set([400, 403, 404, 405, 501]);

/**
 * Asks the Hub for the location of a file's bytes: `HEAD /{repo}/resolve/{commit}/{path}`, following redirects on the
 * Hub itself until one leads off the Hub or the file itself responds, as `get_hf_file_metadata` of huggingface_hub
 * does. The metadata of a large file is in the headers of the redirect; the storage server behind it does not know the
 * hash (protocol notes B.2, B.3).
 *
 * Never sends a `Range`: a signed URL from a ranged request was seen to be valid for that range only, and to answer
 * `403 Auth failed: invalid range` to every other (Xet notes, section 10).
 *
 * Throws `NotFound`, `Gated`, `AuthRequired`, `RateLimited`, `Offline` with `details.captivePortal` for a sign-in page,
 * and request errors.
 */
export async function locate(
  session: HubSession,
  file: FileAtCommit,
  signal: AbortSignal,
): Promise<ContentLocation> {
  const start = resolveUrl(session, file);
  let url = start;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const response = await ask(session, url, signal);
    if (!isRedirect(response)) return locatedHere(session, response, file);
    await discard(response);
    const next = redirectTarget(response);
    if (saysAll(response.headers) || !isHubUrl(session.endpoint, next.href)) {
      return location(session, next, response, linkedSize(response.headers));
    }
    url = next;
  }
  throw tooManyRedirects(start);
}

function resolveUrl({ endpoint }: HubSession, { repo, commit, path }: FileAtCommit): URL {
  const quoted = path.split('/').map(encodeURIComponent).join('/');
  return new URL(`${endpoint.url}/${repo}/resolve/${commit}/${quoted}`);
}

/**
 * Sends HEAD, and GET where a server has no HEAD or has its reason in the body only. The Hub has its reasons in
 * headers.
 */
async function ask(session: HubSession, url: URL, signal: AbortSignal): Promise<HubResponse> {
  const question = {
    url,
    headers: { 'accept-encoding': 'identity' },
    totalMs: session.timeoutMs,
    signal,
  };
  const response = await send(session, { ...question, method: 'HEAD' });
  if (!ASK_WITH_GET.has(response.status) || saysWhy(response.headers)) return response;
  await discard(response);
  return send(session, question);
}

function saysWhy(headers: Headers): boolean {
  return headers['x-error-code'] !== undefined || headers['x-error-message'] !== undefined;
}

async function locatedHere(
  session: HubSession,
  response: HubResponse,
  file: FileAtCommit,
): Promise<ContentLocation> {
  const { headers, status } = response;
  if (status !== 200) {
    throw await failureOf(session, response, { repo: file.repo, revision: file.commit, path: file.path });
  }
  await discard(response);
  if (isHtml(headers) && !isFromHub(headers)) throw signInPage(response.url.host);
  return location(session, response.url, response, linkedSize(headers) ?? ownSize(headers));
}

/**
 * A mirror may keep large files on its own host: nothing behind this redirect knows more, and it may be signed for GET.
 */
function saysAll(headers: Headers): boolean {
  return etagHash(headerValue(headers, 'x-linked-etag')) !== null && linkedSize(headers) !== null;
}

/** A repository may contain a web page, so HTML alone does not identify a sign-in page. */
function isFromHub(headers: Headers): boolean {
  return headers['x-repo-commit'] !== undefined || etagHash(headerValue(headers, 'etag')) !== null;
}

function location(
  { endpoint }: HubSession,
  url: URL,
  { headers, url: answeredBy }: HubResponse,
  size: number | null,
): ContentLocation {
  const commit = headerValue(headers, 'x-repo-commit')?.trim().toLowerCase() ?? '';
  return {
    url: url.href,
    expiresAtMs: signedUrlExpiry(url),
    size,
    hash: etagHash(headerValue(headers, 'x-linked-etag')) ?? ownTag(headers),
    commit: isGitSha1(commit) ? commit : null,
    xet: xetAnnouncement(headers, answeredBy, endpoint),
  };
}

/** The tag of a plain file server may look like a hash and mean something else; only a Hub's is the content's. */
function ownTag(headers: Headers): string | null {
  return headers['x-repo-commit'] === undefined ? null : etagHash(headerValue(headers, 'etag'));
}

function linkedSize(headers: Headers): number | null {
  return byteCount(headerValue(headers, 'x-linked-size'));
}

/** Returns the length of the body that a GET would return, unless it would be compressed. */
function ownSize(headers: Headers): number | null {
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
