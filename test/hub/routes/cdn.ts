import { accessDeniedXml, INVALID_RANGE } from '../faults/constructors.ts';
import { type Reply, textReply } from '../http/reply.ts';
import type { RouteContext, RouteRequest } from './context.ts';
import { fileReply } from './file-reply.ts';

/** Answers of the CDN: file content for a good signature, 403 otherwise. */
export async function cdn(request: RouteRequest, context: RouteContext): Promise<Reply> {
  if (!['GET', 'HEAD'].includes(request.method)) return textReply(405, 'Method not allowed');
  const object = await context.signedUrls.find(request.path);
  if (object === undefined) return denied();
  const verdict = context.signedUrls.judge(request.path, request.query, request.headers.range);
  if (verdict === 'denied') return denied();
  if (verdict === 'invalid range') return textReply(403, INVALID_RANGE);
  return fileReply(object.file.content, request.headers.range, {
    etag: `"${object.etag}"`,
    'content-type': 'application/octet-stream',
    'content-disposition': request.query.get('response-content-disposition') ?? 'inline',
    'cache-control': 'public, max-age=31536000',
    'x-cache': 'Hit from local cdn',
  });
}

function denied(): Reply {
  return textReply(403, accessDeniedXml('Access denied'), { 'content-type': 'application/xml' });
}
