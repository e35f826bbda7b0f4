import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { AppError } from '../../../shared/contract/errors.ts';
import { createDispatcher } from '../../http/dispatcher.ts';
import { scriptedServer } from '../../http/scripted-server.ts';
import type { RangeSink } from '../source.ts';
import { type FetchRangeDeps, fetchRange } from './fetch-range.ts';

/** The file that is served. */
export const CONTENT = Buffer.alloc(400_000);
for (let index = 0; index < CONTENT.length; index += 1) CONTENT[index] = index % 251;

const open: (() => Promise<unknown>)[] = [];

/** Closes what a test opened. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

/** Collects the bytes it receives. */
export class Collector implements RangeSink {
  wanted: number;
  readonly parts: Buffer[] = [];
  /** Pieces that arrived when nothing was wanted any more. */
  latePushes = 0;
  /** What the next pushes ask to wait for. */
  wait: Promise<void> | undefined;
  #arrival = Promise.withResolvers<void>();

  constructor(wanted: number) {
    this.wanted = wanted;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }

  get arrival(): Promise<void> {
    return this.#arrival.promise;
  }

  isFull(): boolean {
    return this.bytes.length >= this.wanted;
  }

  push(bytes: Buffer): Promise<void> | undefined {
    if (this.isFull()) this.latePushes += 1;
    this.parts.push(Buffer.from(bytes.subarray(0, this.wanted - this.bytes.length)));
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers<void>();
    return this.wait;
  }
}

/** Returns the dependencies of a request, with a token for one Hub. */
export function depsFor(hub: string): FetchRangeDeps {
  const dispatcher = createDispatcher({ env: {} });
  open.push(() => dispatcher.destroy());
  return {
    dispatcher,
    userAgent: 'test/1',
    hubHost: new URL(hub).host,
    authorizationFor: (url) => (new URL(url).origin === new URL(hub).origin ? 'Bearer secret' : undefined),
    stallTimeoutMs: () => 5000,
  };
}

/** Starts an HTTP server that responds as scripted. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = await scriptedServer(answer);
  open.push(() => server.close());
  return server;
}

/** Starts a raw TCP server: `speak` gets each connection after its first request arrived. */
export async function serveRaw(speak: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('data', () => speak(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

/** Responds correctly to a range request. */
export function sendRange(request: IncomingMessage, response: ServerResponse): void {
  const [start, last] = rangeOf(request);
  response.writeHead(206, {
    'content-range': `bytes ${start}-${last}/${CONTENT.length}`,
    'content-length': last - start + 1,
  });
  response.end(CONTENT.subarray(start, last + 1));
}

/** First and last requested byte. */
export function rangeOf(request: IncomingMessage): [number, number] {
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  return [Number(start), Number(last)];
}

interface Options {
  readonly start?: number;
  readonly end?: number;
  readonly deps?: FetchRangeDeps;
  readonly sink?: Collector;
  readonly signal?: AbortSignal;
  readonly path?: string;
}

/** Makes one range request; resolves to its outcome and what it delivered. */
export async function get(origin: string, options: Options = {}) {
  const { start = 1000, end = 300_000, signal = new AbortController().signal, path = '/file' } = options;
  const sink = options.sink ?? new Collector(end - start);
  const request = { url: origin + path, start, end, total: CONTENT.length, path: 'model.safetensors' };
  const deps = options.deps ?? depsFor(origin);
  const error = await fetchRange(request, sink, deps, signal).then(
    () => null,
    (thrown: unknown) => thrown as AppError,
  );
  return { error, sink };
}
