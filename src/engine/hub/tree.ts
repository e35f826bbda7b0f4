import { AppError } from '../../shared/contract/errors.ts';
import { headerList } from '../http/header.ts';
import { apiUrl } from './api-url.ts';
import { tooLong } from './hub-error.ts';
import { failureOf, type HubSession, readBody, sendFollowing } from './hub-request.ts';
import { MAX_FILES } from './listing.ts';
import { nextPage } from './next-page.ts';
import { type ParseContext, parseListing } from './parse-listing.ts';
import type { RemoteFile } from './remote-file.ts';

/** A million files at the Hub's 1000 a page. */
const MAX_PAGES = 1000;
/** For all pages together, after decompression. */
const MAX_BYTES = 64 << 20;
const TOTAL_TIMEOUTS = 10;

/**
 * Returns all files of a commit from the paged tree API. Names are not checked yet. Throws request errors. `onBegun` is
 * called when the first page has been read: the server has a tree.
 */
export async function listTree(
  session: HubSession,
  repo: string,
  commit: string,
  parsing: ParseContext,
  onBegun: () => void = () => undefined,
): Promise<RemoteFile[]> {
  const files = new Map<string, RemoteFile>();
  const seen = new Set<string>();
  let budget = MAX_BYTES;
  let url: URL | null = new URL(
    `${apiUrl(session.endpoint, repo)}/tree/${commit}?recursive=true&expand=false`,
  );
  while (url !== null) {
    if (seen.has(url.href) || seen.size >= MAX_PAGES) throw endless(session);
    seen.add(url.href);
    const page: Page = await readPage(session, url, budget, { repo, commit, parsing });
    if (seen.size === 1) onBegun();
    for (const file of page.files) {
      // Pages overlap when the list shifts between them, and an equal entry is the same file.
      const key = files.has(file.path) && !isEqual(files.get(file.path), file) ? `${file.path}\0` : file.path;
      files.set(key, file);
    }
    if (files.size > MAX_FILES) throw tooLong(session.endpoint);
    budget -= page.bytes;
    url = page.next;
  }
  return [...files.values()];
}

function isEqual(a: RemoteFile | undefined, b: RemoteFile): boolean {
  return a?.size === b.size && a.hash === b.hash && a.algorithm === b.algorithm;
}

interface Page {
  readonly files: RemoteFile[];
  readonly bytes: number;
  readonly next: URL | null;
}

async function readPage(
  session: HubSession,
  url: URL,
  maxBytes: number,
  about: { readonly repo: string; readonly commit: string; readonly parsing: ParseContext },
): Promise<Page> {
  const response = await sendFollowing(session, {
    url,
    headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    totalMs: session.timeoutMs * TOTAL_TIMEOUTS,
    signal: about.parsing.signal,
  });
  if (response.status !== 200) {
    throw await failureOf(session, response, { repo: about.repo, revision: about.commit });
  }
  const body = await readBody(session, response, maxBytes);
  const bytes = body.length;
  const next = nextPage(response.url, headerList(response.headers, 'link'));
  const { files } = await parseListing('tree', body, about.parsing);
  return { files, bytes, next };
}

function endless(session: HubSession): AppError {
  const { host } = session.endpoint;
  return new AppError('ServerError', `${host} gave a list of files that does not end.`, {
    retryable: false,
    details: { host },
  });
}
