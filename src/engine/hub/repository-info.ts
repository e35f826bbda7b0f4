import { AppError } from '../../shared/contract/errors.ts';
import { type Headers, headerList, headerValue } from '../http/header.ts';
import type { Endpoint } from './endpoint.ts';
import { isGitSha1 } from './etag.ts';
import { disabledError } from './hub-error.ts';
import { failureOf, type HubSession, readBody, sendFollowing } from './hub-request.ts';
import { type ParseContext, parseListing } from './parse-listing.ts';
import type { RepositoryInfo } from './remote-file.ts';
import { listTree } from './tree.ts';

/** A repository of 100,000 files has about 30 MB of metadata. */
const MAX_BYTES = 64 << 20;
/** How many times the longest silence a whole answer may take: weak lines need time for long lists. */
const TOTAL_TIMEOUTS = 10;

/**
 * A list of so many files may have been cut: servers that page theirs give out a thousand at a time, and one that forgets to page gives
 * out the first thousand.
 */
const MAY_BE_CUT_FILES = 1000;

/** A session in which long lists are read. */
export interface ListingSession extends HubSession {
  /** The built `listing-worker`. */
  readonly listingWorkerUrl: URL;
}

/**
 * Resolves a revision to a commit and its files. The paged file tree decides where the answer has no sizes or hashes, no files, or so
 * many that it may have been cut, or says that there are more. All names are checked before they are returned.
 *
 * Throws `NotFound`, `Gated`, `AuthRequired`, `PathUnsafe`, `ChangedUpstream` when another commit came back than was
 * asked for, `BadRequest` when the server is no Hub, and what requests throw.
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
    url: new URL(`${endpoint.url}/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`),
    headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    totalMs: session.timeoutMs * TOTAL_TIMEOUTS,
    signal,
  });
  if (response.status !== 200) throw await failureOf(session, response, { repo, revision });
  const body = await readBody(session, response, MAX_BYTES);
  const { commit, gated, disabled, isComplete, files } = await parseListing('repository', body, parsing);
  checkCommit(commit, revision, endpoint);
  if (disabled) throw disabledError(repo, endpoint);
  const isBelieved = isComplete && !mayBeCut(files.length, response.headers);
  if (isBelieved) return { repo, commit, gated, files };
  return { repo, commit, gated, files: await listTree(session, repo, commit, parsing) };
}

/** An answer without files is asked about again too: a repository without any is rare, a list that was lost is not. */
function mayBeCut(count: number, headers: Headers): boolean {
  const total = Number(headerValue(headers, 'x-total-count') ?? 0);
  const hasNext = /rel="?next\b/.test(headerList(headers, 'link') ?? '');
  return count === 0 || count >= MAY_BE_CUT_FILES || total > count || hasNext;
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
