import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestedRange } from './range.ts';
import type { Origin, RequestRecord } from './request-log.ts';

const MAX_TEXT_BYTES = 10 << 20;

/** A request and its answer under way. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: RequestRecord;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

/** Starts the record of a request; it is closed when the answer is complete or the connection ends. */
export function startExchange(
  origin: Origin,
  request: IncomingMessage,
  response: ServerResponse,
  onEnd: (record: RequestRecord) => void,
): Exchange {
  const gone = new AbortController();
  const record = recordOf(origin, request);
  response.on('error', () => {});
  response.once('close', () => {
    record.aborted = !response.writableFinished;
    record.endedAt = Date.now();
    gone.abort();
    onEnd(record);
  });
  return { request, response, record, signal: gone.signal };
}

function recordOf(origin: Origin, request: IncomingMessage): RequestRecord {
  const url = request.url ?? '/';
  const headers = headersOf(request);
  return {
    time: Date.now(),
    origin,
    method: request.method ?? 'GET',
    url,
    path: pathOf(url),
    headers,
    range: requestedRange(headers.range),
    repo: null,
    file: null,
    status: null,
    bytesSent: 0,
    aborted: false,
    endedAt: null,
    remotePort: request.socket.remotePort ?? 0,
  };
}

/** The path of a request URL as it came, without the query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/';
}

/** The query of a request URL. */
export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = [value].flat().join(', ');
  }
  return headers;
}

/** The body of a request as text. Throws when it is larger than 10 MiB. */
export async function readText(request: IncomingMessage): Promise<string> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const block of request as AsyncIterable<Buffer>) {
    bytes += block.length;
    if (bytes > MAX_TEXT_BYTES) throw new RangeError('The request body is larger than 10 MiB.');
    blocks.push(block);
  }
  return Buffer.concat(blocks).toString();
}
