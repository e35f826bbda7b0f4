import { constants, type FileHandle, open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { identityOf } from '../cache/file-identity.ts';
import { requestedRange } from './byte-range-header.ts';
import { isHead, sendText } from './replies.ts';
import { type ByteSender, sendBytes } from './send-bytes.ts';
import type { SharedFile } from './shared-files.ts';

/**
 * Sends a content, or a range of it. Returns false when the file is no longer the one that was hashed; nothing was sent
 * then. The file is checked through its open handle, so that what is checked is what is read.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: SharedFile,
  sender: ByteSender,
): Promise<boolean> {
  const handle = await openUnchanged(file);
  if (handle === null) return false;
  try {
    await answer(request, response, file, handle, sender);
    return true;
  } finally {
    await handle.close();
  }
}

async function answer(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { size, hash }: SharedFile,
  handle: FileHandle,
  sender: ByteSender,
): Promise<void> {
  const etag = `"${hash}"`;
  response.setHeader('etag', etag);
  response.setHeader('accept-ranges', 'bytes');
  // A name may refer to another content later; the content behind a tag never changes.
  response.setHeader('cache-control', 'no-cache');
  if (isListed(headers['if-none-match'], etag)) return void response.writeHead(304).end();
  const range =
    isHead(response) || isOther(headers['if-range'], etag) ? null : requestedRange(headers.range, size);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${size}`);
    return sendText(response, 416, `The content has ${size} bytes.`);
  }
  const { start, end } = range ?? { start: 0, end: size };
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('content-length', end - start);
  if (range !== null) response.setHeader('content-range', `bytes ${start}-${end - 1}/${size}`);
  response.writeHead(range === null ? 200 : 206);
  if (!isHead(response)) await sendBytes(handle, { start, end }, response, sender);
  response.end();
}

/** Returns null when it is gone, is not a file any more, or is not the one that was hashed. */
async function openUnchanged({ realPath, identity }: SharedFile): Promise<FileHandle | null> {
  // Non-blocking: somebody may have put a pipe there.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(realPath, flags).catch(() => null);
  if (handle === null) return null;
  if (identityOf(await handle.stat({ bigint: true })) === identity) return handle;
  await handle.close();
  return null;
}

/** `If-None-Match`: a list of tags, weak or not, or `*`. */
function isListed(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => [etag, '*'].includes(tag.trim().replace(/^W\//, '')));
}

/** `If-Range` with another tag, or with a date, which is not compared: then all of it is sent. */
function isOther(header: string | string[] | undefined, etag: string): boolean {
  return header !== undefined && header !== etag;
}
