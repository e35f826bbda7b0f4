import { gzipped } from '../http/gzip.ts';
import { type Body, type Reply, textReply, withHeaders } from '../http/reply.ts';
import type { FaultActions } from './fault.ts';

/** The reply with the faults that change its content. How it is sent (cuts, stalls) is decided elsewhere. */
export function applyFaults(right: Reply, url: string, actions: FaultActions): Reply {
  let reply = replaced(right, url, actions);
  if (actions.refuseRange === true && reply.fileSize !== null) {
    reply = textReply(416, 'Range not satisfiable', { 'content-range': `bytes */${reply.fileSize}` });
  }
  reply = withContentRange(reply, actions);
  if (actions.flipBytes !== undefined && reply.fileSize !== null) {
    reply = { ...reply, body: flipped(reply.body, actions.flipBytes) };
  }
  if (actions.shortBody?.contentLength === 'short') {
    reply = withHeaders(reply, {
      'content-length': String(Math.min(actions.shortBody.bytes, reply.body.length ?? 0)),
    });
  }
  if (actions.gzipBody === true) reply = gzipped(reply);
  // Nobody promises ranges who does not keep them.
  if (actions.wholeBodyForRange === true) reply = withHeaders(reply, { 'accept-ranges': null });
  return withHeaders(reply, actions.headers ?? {});
}

function replaced(reply: Reply, url: string, { answer, redirectLoop }: FaultActions): Reply {
  if (redirectLoop === true) return textReply(302, `Found. Redirecting to ${url}`, { location: url });
  if (answer === undefined) return reply;
  return textReply(answer.status, answer.body ?? '', answer.headers);
}

function withContentRange(reply: Reply, { shiftContentRange = 0, wrongTotal }: FaultActions): Reply {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(reply.headers['content-range'] ?? '');
  if (match === null) return reply;
  const start = Number(match[1]) + shiftContentRange;
  const end = Number(match[2]) + shiftContentRange;
  return withHeaders(reply, { 'content-range': `bytes ${start}-${end}/${wrongTotal ?? match[3]}` });
}

function flipped(body: Body, offsets: readonly number[]): Body {
  return {
    ...body,
    open() {
      const reader = body.open();
      let position = body.start;
      return {
        async next(maxBytes) {
          const block = await reader.next(maxBytes);
          const damaged = invert(block, position, offsets);
          position += block.length;
          return damaged;
        },
        close: () => reader.close(),
      };
    },
  };
}

function invert(block: Buffer, start: number, offsets: readonly number[]): Buffer {
  const inside = offsets.map((offset) => offset - start).filter((at) => at >= 0 && at < block.length);
  if (inside.length === 0) return block;
  const damaged = Buffer.from(block);
  for (const at of inside) damaged[at] = (damaged[at] ?? 0) ^ 0xff;
  return damaged;
}
