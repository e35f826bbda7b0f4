import type { Content } from '../content/content.ts';
import { resolveRange } from '../http/range.ts';
import { bodyOf, type Headers, type Reply, textReply } from '../http/reply.ts';

/** A file or the asked-for part of it: 200, 206, or 416 with the size in Content-Range. */
export function fileReply(content: Content, rangeHeader: string | undefined, headers: Headers): Reply {
  const answer = resolveRange(rangeHeader, content.size);
  const common = { 'accept-ranges': 'bytes', ...headers };
  if (answer.kind === 'unsatisfiable') {
    const text = `Requested range: ${rangeHeader}. Content-Range: bytes */${content.size}`;
    return {
      ...textReply(416, text, { 'content-range': `bytes */${content.size}` }),
      fileSize: content.size,
    };
  }
  if (answer.kind === 'whole') {
    return {
      status: 200,
      headers: { ...common, 'content-length': String(content.size) },
      body: bodyOf(content),
      fileSize: content.size,
    };
  }
  const { start, end } = answer.range;
  return {
    status: 206,
    headers: {
      ...common,
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/${content.size}`,
    },
    body: bodyOf(content, start, end + 1),
    fileSize: content.size,
  };
}
