import { bytesContent } from '../content/bytes.ts';
import { readAll } from '../content/content.ts';
import { bodyOf, type Reply, textReply } from '../http/reply.ts';
import type { RouteRequest } from '../routes/context.ts';
import type { XetStorage } from './xet-storage.ts';
import type { XorbUrls } from './xorb-urls.ts';

const BOUNDARY = 'xet-local-boundary';

/** Data of a xorb: exactly the signed ranges or one of them, without any token. */
export async function xorbReply(
  kindOrName: string,
  request: RouteRequest,
  { storage, urls }: { readonly storage: XetStorage; readonly urls: XorbUrls },
): Promise<Reply> {
  const name = request.path.split('/').at(-1) ?? kindOrName;
  if (request.headers.authorization !== undefined) return textReply(403, 'Only one auth mechanism allowed');
  const ranges = urls.judge(name, request.query, request.headers.range);
  if (typeof ranges === 'string') return textReply(403, ranges);
  const xorb = await storage.findXorb(name);
  if (xorb === undefined) return textReply(404, 'Not found');
  const { stored } = xorb;
  const [first] = ranges;
  if (ranges.length > 1 || first === undefined)
    return multipart(ranges, stored.size, (start, end) => readAll(stored, start, end));
  return {
    status: 206,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(first.end - first.start + 1),
      'content-range': `bytes ${first.start}-${first.end}/${stored.size}`,
    },
    body: bodyOf(stored, first.start, first.end + 1),
    fileSize: stored.size,
  };
}

async function multipart(
  ranges: ReadonlyArray<{ readonly start: number; readonly end: number }>,
  size: number,
  read: (start: number, end: number) => Promise<Buffer>,
): Promise<Reply> {
  const parts: Buffer[] = [];
  for (const { start, end } of ranges) {
    const head = `--${BOUNDARY}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${start}-${end}/${size}\r\n\r\n`;
    parts.push(Buffer.from(head), await read(start, end + 1), Buffer.from('\r\n'));
  }
  const body = Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  return {
    status: 206,
    headers: {
      'content-type': `multipart/byteranges; boundary=${BOUNDARY}`,
      'content-length': String(body.length),
    },
    body: bodyOf(bytesContent(body)),
    fileSize: size,
  };
}
