import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ScriptedServer, scriptedServer } from '../../src/engine/http/scripted-server.ts';
import { sha256 } from './on-disk.ts';

/** What a peer of a test does with a request for a range; `nth` counts such requests from 1. */
export type PeerAnswer = (
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  nth: number,
) => void;

/** A test machine that announces contents. */
export interface PeerServer extends ScriptedServer, AsyncDisposable {
  /** Content bytes that it sent, by the calls of `onSent`. */
  sentBytes: number;
  /** Requests for contents. */
  readonly blobRequests: number;
}

/** A peer on loopback that announces `contents`, and responds as scripted. */
export async function peerServer(
  contents: readonly Buffer[],
  answer: PeerAnswer = honest,
  sayHave: (
    request: IncomingMessage,
    response: ServerResponse,
    byHash: ReadonlyMap<string, Buffer>,
  ) => void = sayTruth,
): Promise<PeerServer> {
  const byHash = new Map(contents.map((content) => [sha256(content), content]));
  let blobRequests = 0;
  const server = await scriptedServer((request, response) => {
    if (request.url === '/api/haulyard/have') return void sayHave(request, response, byHash);
    const content = byHash.get(request.url?.split('/').at(-1) ?? '');
    if (!content) return void response.writeHead(404).end();
    blobRequests += 1;
    const write = response.write.bind(response);
    response.write = ((bytes: Buffer, ...rest: never[]) => {
      peer.sentBytes += bytes.length;
      return write(bytes, ...rest);
    }) as typeof response.write;
    answer(request, response, content, blobRequests);
  });
  const peer = {
    ...server,
    sentBytes: 0,
    get blobRequests() {
      return blobRequests;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
  return peer;
}

/** Start and end of the requested range. */
export function askedRange({ headers }: IncomingMessage, { length }: Buffer): { start: number; end: number } {
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  return { start: Number(start ?? 0), end: Number(last ?? length - 1) + 1 };
}

/** Sends the requested range. */
export const honest: PeerAnswer = (request, response, content) => {
  const range = askedRange(request, content);
  sendPart(response, content.subarray(range.start, range.end), range, content.length);
};

/** Sends bytes under a range of their own. */
export function sendPart(
  response: ServerResponse,
  bytes: Buffer,
  { start, end }: { start: number; end: number },
  total: number,
): void {
  response.writeHead(206, {
    'content-range': `bytes ${start}-${end - 1}/${total}`,
    'content-length': end - start,
  });
  response.write(bytes);
  response.end();
}

function sayTruth(
  request: IncomingMessage,
  response: ServerResponse,
  byHash: ReadonlyMap<string, Buffer>,
): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text) => {
    body += text;
  });
  request.on('end', () => {
    const { sha256: asked } = JSON.parse(body) as { sha256: string[] };
    const have = asked.flatMap((hash) => {
      const content = byHash.get(hash);
      return content ? [{ hash, size: content.length }] : [];
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ have }));
  });
}
