import { AppError } from '../../shared/contract/errors.ts';
import { type Headers, headerList, headerValue } from '../http/header.ts';
import { apiUrl } from './api-url.ts';
import { describeFiles, isRouteMissing } from './describe-files.ts';
import type { Endpoint } from './endpoint.ts';
import { isGitSha1 } from './etag.ts';
import { disabledError } from './hub-error.ts';
import { failureOf, type HubSession, readBody, sendFollowing } from './hub-request.ts';
import { type Listing, type ParseContext, parseListing } from './parse-listing.ts';
import type { RemoteFile, RepositoryInfo } from './remote-file.ts';
import { listTree } from './tree.ts';

/** A repository of 100,000 files has about 30 MB of metadata. */
const MAX_BYTES = 64 << 20;
/** Limit for a whole response, as a multiple of the longest silence: weak networks need time for long lists. */
const TOTAL_TIMEOUTS = 10;

/**
 * A list of exactly this many files may have been truncated: servers that page theirs return a thousand at a time, and
 * one that forgets to page returns the first thousand.
 */
const MAY_BE_CUT_FILES = 1000;

/** A session in which long lists are read. */
export interface ListingSession extends HubSession {
  /** The built `listing-worker`. */
  readonly listingWorkerUrl: URL;
}

/**
 * Resolves a revision to a commit and its files. The paged file tree is used when the response has no sizes or hashes,
 * no files, or so many that it may have been truncated, or announces more. All names are checked before they are
 * returned.
 *
 * Throws `NotFound`, `Gated`, `AuthRequired`, `PathUnsafe`, `ChangedUpstream` when the response is for another commit
 * than the requested one, `BadRequest` when the server is not a Hub, and request errors.
 */
export async function repositoryInfo(
  session: ListingSession,
  repo: string,
  revision: string,
  signal: AbortSignal,
  whileParsing?: ParseContext['whileParsing'],
): Promise<RepositoryInfo> {
  const { endpoint, listingWorkerUrl } = session;
  const parsing = { endpoint, listingWorkerUrl, signal, ...(whileParsing ? { whileParsing } : {}) };
  const response = await sendFollowing(session, {
    url: new URL(`${apiUrl(endpoint, repo)}/revision/${encodeURIComponent(revision)}?blobs=true`),
    headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    totalMs: session.timeoutMs * TOTAL_TIMEOUTS,
    signal,
  });
  if (response.status !== 200) throw await failureOf(session, response, { repo, revision });
  const body = await readBody(session, response, MAX_BYTES);
  const listing = await parseListing('repository', body, parsing);
  const { commit, gated, saysPublic, disabled, updatedAt } = listing;
  const isPublic = saysPublic || (!gated && !response.authorized);
  checkCommit(commit, revision, endpoint);
  if (disabled) throw disabledError(repo, endpoint);
  const files = await believedFiles(session, { repo, listing, headers: response.headers }, parsing);
  return { repo, commit, gated, isPublic, updatedAt, files };
}

/** Returns the tree of a commit; null where a server has none. Throws request errors. */
export async function treeOrNull(
  session: ListingSession,
  repo: string,
  commit: string,
  signal: AbortSignal,
): Promise<readonly RemoteFile[] | null> {
  const { endpoint, listingWorkerUrl } = session;
  try {
    return await listTree(session, repo, commit, { endpoint, listingWorkerUrl, signal });
  } catch (error) {
    if (isRouteMissing(error)) return null;
    throw error;
  }
}

interface Answer {
  readonly repo: string;
  readonly listing: Listing;
  readonly headers: Headers;
}

/**
 * Returns the list as received, or the tree's where that may have more, or data from other routes where there is no
 * tree.
 */
async function believedFiles(
  session: ListingSession,
  { repo, listing, headers }: Answer,
  parsing: ParseContext,
): Promise<readonly RemoteFile[]> {
  const { commit, files, undescribed, hasList } = listing;
  const count = files.length + undescribed.length;
  const saysMore = !hasList || announcesMore(count, headers);
  // A response without files is checked too: a repository without any is rare, a list that was lost is not.
  const mayBeCut = saysMore || count === 0 || count >= MAY_BE_CUT_FILES || lacksShards(files);
  if (!mayBeCut && undescribed.length === 0) return files;
  let hasTree = false;
  // Two lists of 100,000 files are more than a dry run should cost: from here on, the tree's is used.
  const onBegun = () => {
    hasTree = true;
    files.length = 0;
    undescribed.length = 0;
  };
  try {
    return await listTree(session, repo, commit, parsing, onBegun);
  } catch (error) {
    if (hasTree || !isRouteMissing(error)) throw error;
    if (saysMore) throw noTree(session.endpoint, repo);
    return [...files, ...(await describeFiles(session, { repo, commit, paths: undescribed }, parsing))];
  }
}

/** True when the server itself announces more. */
function announcesMore(count: number, headers: Headers): boolean {
  const total = Number(headerValue(headers, 'x-total-count') ?? 0);
  return total > count || /rel="?next\b/.test(headerList(headers, 'link') ?? '');
}

/** Suffix of the names of weights in parts: `-00002-of-00005.safetensors`. */
const SHARD = /^(.*)-(\d{5})-of-(\d{5})(\.[^/]*)$/;

/** True when the names of weights imply more parts than are listed. */
function lacksShards(files: readonly RemoteFile[]): boolean {
  const seen = new Map<string, number>();
  const wanted = new Map<string, number>();
  for (const { path } of files) {
    const [, stem, , total, extension] = SHARD.exec(path) ?? [];
    if (stem === undefined) continue;
    const set = `${stem}/${total}${extension}`;
    seen.set(set, (seen.get(set) ?? 0) + 1);
    wanted.set(set, Number(total));
  }
  return [...wanted].some(([set, count]) => (seen.get(set) ?? 0) < count);
}

function noTree({ host }: Endpoint, repo: string): AppError {
  return new AppError(
    'ServerError',
    `${host} sent a part of the list of files of ${repo}, and has no tree of files (/api/models/…/tree) to read the rest from. Nothing was downloaded.`,
    { retryable: false, details: { host } },
  );
}

function checkCommit(commit: string, revision: string, endpoint: Endpoint): void {
  if (!isGitSha1(revision) || revision.toLowerCase() === commit) return;
  throw new AppError(
    'ChangedUpstream',
    `${endpoint.host} was asked for commit ${revision} but answered with ${commit}.`,
    {
      details: { host: endpoint.host, asked: revision, answered: commit },
    },
  );
}
