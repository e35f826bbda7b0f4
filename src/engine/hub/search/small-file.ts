import { AppError } from '../../../shared/contract/errors.ts';
import { headerValue } from '../../http/header.ts';
import { readText } from '../../http/read-text.ts';
import { failureOf, sendFollowing } from '../hub-request.ts';
import type { ListingSession } from '../repository-info.ts';

/** A configuration has a few kilobytes, some vocabularies a few hundred. */
const MAX_BYTES = 1 << 20;
const TOTAL_MS = 20_000;

/** A text file, at most `maxBytes` of it. */
export interface FileText {
  readonly text: string;
  readonly complete: boolean;
}

/**
 * Reads a git file as stored in the repository (@huggingface/hub, lib/download-file.ts with `raw`); where a server has
 * no such route, through `resolve`. Throws request errors.
 */
export async function readRaw(
  session: ListingSession,
  { repo, revision, path }: { readonly repo: string; readonly revision: string; readonly path: string },
  maxBytes: number,
  signal: AbortSignal,
): Promise<FileText> {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const read = async (route: 'raw' | 'resolve'): Promise<FileText> => {
    const response = await sendFollowing(session, {
      url: new URL(`${session.endpoint.url}/${repo}/${route}/${encodeURIComponent(revision)}/${encoded}`),
      headers: { 'accept-encoding': 'gzip' },
      totalMs: TOTAL_MS,
      signal,
    });
    if (response.status !== 200) throw await failureOf(session, response, { repo, revision, path });
    return readText(response.body, maxBytes, headerValue(response.headers, 'content-encoding'));
  };
  try {
    return await read('raw');
  } catch (error) {
    const isNoRoute =
      error instanceof AppError && error.code === 'NotFound' && error.details.errorCode === undefined;
    if (!isNoRoute || error.details.status !== 404) throw error;
    return read('resolve');
  }
}

/**
 * Returns a small text file at a commit; null when it does not exist, is not accessible, or is longer than such a file
 * can be.
 */
export async function readSmallFile(
  session: ListingSession,
  { repo, commit, path }: { readonly repo: string; readonly commit: string; readonly path: string },
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const { text, complete } = await readRaw(session, { repo, revision: commit, path }, MAX_BYTES, signal);
    return complete ? text : null;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}
