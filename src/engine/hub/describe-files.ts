import { AppError } from '../../shared/contract/errors.ts';
import { apiUrl } from './api-url.ts';
import type { Endpoint } from './endpoint.ts';
import { failureOf, type HubSession, readBody, sendFollowing } from './hub-request.ts';
import { locate } from './locate.ts';
import { type ParseContext, parseListing } from './parse-listing.ts';
import type { RemoteFile } from './remote-file.ts';

/** Names per batch request. */
const BATCH = 500;
/** A response takes a few hundred bytes for each name. */
const MAX_BYTES = 8 << 20;
/** Concurrent requests for single files. */
const PARALLEL = 8;
const TOTAL_TIMEOUTS = 10;

/** Statuses of a route that a server does not have, or does not open to readers. */
const MISSING: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 405, 406, 410, 501]);
/** Errors about the repository rather than the route. */
const ABOUT_REPOSITORY: ReadonlySet<unknown> = new Set(['RepoNotFound', 'RevisionNotFound', 'GatedRepo']);

/** Files of a commit for which the server returned only names. */
export interface NamedFiles {
  readonly repo: string;
  readonly commit: string;
  readonly paths: readonly string[];
}

/**
 * True for a failed request about a repository that existed a moment ago, which means that the server lacks the route:
 * a repository manager has fewer routes than the Hub, and some answer unknown ones with a web page.
 */
export function isRouteMissing(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const { status, errorCode, problem } = error.details;
  return problem !== undefined || (MISSING.has(status) && !ABOUT_REPOSITORY.has(errorCode));
}

/**
 * Fetches the sizes and hashes of files from a server without a tree: from `paths-info`, many at once, and where that
 * is missing too, or omits some, from the `HEAD` of each. Throws `ServerError`, naming the routes, when none of them
 * has the data, and request errors.
 */
export async function describeFiles(
  session: HubSession,
  { repo, commit, paths }: NamedFiles,
  parsing: ParseContext,
): Promise<readonly RemoteFile[]> {
  const known = new Map<string, RemoteFile>();
  for (let start = 0; start < paths.length; start += BATCH) {
    const batch = { repo, commit, paths: paths.slice(start, start + BATCH) };
    const files = await pathsInfo(session, batch, parsing);
    if (files === null) break;
    for (const file of files) known.set(file.path, file);
  }
  const rest = paths.filter((path) => !known.has(path)).values();
  const failure = new AbortController();
  const signal = AbortSignal.any([parsing.signal, failure.signal]);
  const lane = async () => {
    for (const path of rest) known.set(path, await fromHead(session, { repo, commit, path }, signal));
  };
  const lanes = Array.from({ length: PARALLEL }, () => lane().catch((error) => failure.abort(error)));
  await Promise.all(lanes);
  parsing.signal.throwIfAborted();
  if (failure.signal.aborted) throw failure.signal.reason;
  return paths.flatMap((path) => known.get(path) ?? []);
}

/**
 * Fetches the descriptions of many names at once. Protocol notes A.3; in the form @huggingface/hub uses
 * (lib/paths-info.ts). Returns null where the route is missing.
 */
export async function pathsInfo(
  session: HubSession,
  { repo, commit, paths }: NamedFiles,
  parsing: ParseContext,
): Promise<readonly RemoteFile[] | null> {
  try {
    const response = await sendFollowing(session, {
      method: 'POST',
      url: new URL(`${apiUrl(session.endpoint, repo)}/paths-info/${commit}`),
      headers: { accept: 'application/json', 'accept-encoding': 'gzip', 'content-type': 'application/json' },
      body: JSON.stringify({ paths, expand: false }),
      totalMs: session.timeoutMs * TOTAL_TIMEOUTS,
      signal: parsing.signal,
    });
    if (response.status !== 200) throw await failureOf(session, response, { repo, revision: commit });
    return (await parseListing('tree', await readBody(session, response, MAX_BYTES), parsing)).files;
  } catch (error) {
    if (isRouteMissing(error)) return null;
    throw error;
  }
}

async function fromHead(
  session: HubSession,
  file: { readonly repo: string; readonly commit: string; readonly path: string },
  signal: AbortSignal,
): Promise<RemoteFile> {
  const { size, hash } = await locate(session, file, signal);
  if (size === null || hash === null) throw indescribable(session.endpoint, file.path);
  return { path: file.path, size, hash, algorithm: hash.length === 64 ? 'sha256' : 'git-sha1' };
}

function indescribable({ host }: Endpoint, path: string): AppError {
  return new AppError(
    'ServerError',
    `${host} lists files without sizes and checksums, and has none of the routes that tell them: /api/models/…/tree, ` +
      `/api/models/…/paths-info, or headers of ${path} (X-Linked-Size and X-Linked-ETag, or Content-Length and ETag). Nothing was downloaded.`,
    { retryable: false, details: { host } },
  );
}
