import { bytesContent } from '../content/bytes.ts';
import { lfsPointer } from '../content/digests.ts';
import { type Reply, textReply } from '../http/reply.ts';
import type { Commit } from '../repositories/repository.ts';
import { announcedFacts, type RouteRequest } from './context.ts';
import { entryNotFound } from './errors.ts';
import { fileReply } from './file-reply.ts';

/** `GET /{repo}/raw/{rev}/{path}`: a git file as it lies in the repository; of an LFS file its pointer. */
export async function raw(commit: Commit, path: string, request: RouteRequest): Promise<Reply> {
  const file = commit.files.get(path);
  if (file === undefined) return entryNotFound(commit.id);
  const { blobId, lfs } = await announcedFacts(file, request);
  const content = lfs === null ? file.content : bytesContent(Buffer.from(lfsPointer(lfs.sha256, lfs.size)));
  return fileReply(content, request.headers.range, {
    etag: `"${blobId}"`,
    'x-repo-commit': commit.id,
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': 'default-src none; sandbox',
  });
}

/** `GET /api/models/{repo}/auth-check`: what is refused was refused before. */
export function authChecked(): Reply {
  return textReply(200, 'OK');
}
