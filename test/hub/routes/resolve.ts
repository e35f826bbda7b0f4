import { gzipped } from '../http/gzip.ts';
import { type Reply, textReply } from '../http/reply.ts';
import type { HubFile } from '../repositories/hub-file.ts';
import type { Commit, Repository } from '../repositories/repository.ts';
import { announcedFacts, type RouteContext, type RouteRequest } from './context.ts';
import { entryNotFound } from './errors.ts';
import { fileReply } from './file-reply.ts';
import { contentDisposition } from './signed-urls.ts';

/** `GET|HEAD /{repo}/resolve/{rev}/{path}`: a redirect to the content, with the metadata of the file in its headers. */
export async function resolve(
  repository: Repository,
  commit: Commit,
  path: string,
  request: RouteRequest,
  context: RouteContext,
): Promise<Reply> {
  const file = commit.files.get(path);
  if (file === undefined) return entryNotFound(commit.id);
  const { lfs, size, blobId } = await announcedFacts(file, request);
  const headers = { 'x-repo-commit': commit.id, 'accept-ranges': 'bytes', 'cache-control': 'no-store' };
  if (lfs !== null) {
    const location = await context.signedUrls.sign(repository, file, request.headers.range);
    const linked = {
      ...headers,
      'x-linked-size': String(size),
      'x-linked-etag': `"${lfs.sha256}"`,
      ...(await context.xet.headersOf(repository, commit, file)),
    };
    return context.xet.infoReply(request, linked) ?? redirect(302, location, linked);
  }
  return redirect(307, cacheLocation(repository, commit, path, request.path, blobId), {
    ...headers,
    'x-linked-etag': `"${blobId}"`,
    'content-disposition': contentDisposition(path),
  });
}

/** `GET|HEAD /api/resolve-cache/models/{repo}/{commit}/{path}`: the content of a small git file. */
export async function resolveCache(commit: Commit, path: string, request: RouteRequest): Promise<Reply> {
  const file = commit.files.get(path);
  if (file === undefined || file.lfs) return entryNotFound(commit.id);
  const { blobId } = await announcedFacts(file, request);
  const headers = { etag: `"${blobId}"`, 'x-repo-commit': commit.id, 'cache-control': 'public, max-age=0' };
  if (request.headers['if-none-match'] === headers.etag) return textReply(304, '', headers);
  const reply = fileReply(file.content, request.headers.range, {
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': contentDisposition(path),
    vary: 'Accept-Encoding',
  });
  return mayCompress(file, request) ? compressed(reply, blobId) : reply;
}

/** A compressed answer has neither length nor ranges, and its ETag is no longer that of the file. */
function compressed(reply: Reply, blobId: string): Reply {
  const { 'accept-ranges': _ranges, ...headers } = reply.headers;
  return gzipped({ ...reply, headers: { ...headers, etag: `W/"${blobId}"` } });
}

function mayCompress(file: HubFile, { headers }: RouteRequest): boolean {
  const accepts = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(headers['accept-encoding'] ?? '');
  return accepts && headers.range === undefined && file.content.size > 0;
}

function redirect(status: number, location: string, headers: Record<string, string>): Reply {
  return textReply(status, `${status === 302 ? 'Found' : 'Temporary Redirect'}. Redirecting to ${location}`, {
    ...headers,
    location,
    vary: 'Origin, Accept',
  });
}

/** The Hub repeats the asked-for path as a query key, followed by the ETag. */
function cacheLocation(
  repository: Repository,
  commit: Commit,
  path: string,
  asked: string,
  blobId: string,
): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const query = `${encodeURIComponent(decodeURIComponent(asked))}=&etag=${encodeURIComponent(`"${blobId}"`)}`;
  const kind = /^(datasets|spaces)\//.test(repository.id) ? '' : 'models/';
  return `/api/resolve-cache/${kind}${repository.id}/${commit.id}/${encoded}?${query}`;
}
