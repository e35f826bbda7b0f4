import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../http/scripted-server.ts';
import { type FetchRangeDeps, fetchRange, type RangeSink } from './fetch-range.ts';

const CONTENT = Buffer.alloc(400_000);
for (let index = 0; index < CONTENT.length; index += 1) CONTENT[index] = index % 251;

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Remembers what it is given. */
class Collector implements RangeSink {
  wanted: number;
  readonly parts: Buffer[] = [];
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
    this.parts.push(bytes.subarray(0, this.wanted - this.bytes.length));
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers<void>();
    return this.wait;
  }
}

function depsFor(hub: string): FetchRangeDeps {
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

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = await scriptedServer(answer);
  open.push(() => server.close());
  return server;
}

/** A server of bytes: `speak` gets each connection after its first request arrived. */
async function serveRaw(speak: (socket: Socket) => void) {
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

/** Answers a range request as it should be answered. */
function sendRange(request: IncomingMessage, response: ServerResponse): void {
  const [start, last] = rangeOf(request);
  response.writeHead(206, {
    'content-range': `bytes ${start}-${last}/${CONTENT.length}`,
    'content-length': last - start + 1,
  });
  response.end(CONTENT.subarray(start, last + 1));
}

function rangeOf(request: IncomingMessage): [number, number] {
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

async function get(origin: string, options: Options = {}) {
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

describe('a range request', () => {
  it('delivers the range and nothing else, and asks for it plainly', async () => {
    const server = await serve(sendRange);
    const { error, sink } = await get(server.origin);
    expect(error).toBeNull();
    expect(sink.bytes.equals(CONTENT.subarray(1000, 300_000))).toBe(true);
    expect(server.requests[0]?.headers).toMatchObject({
      range: 'bytes=1000-299999',
      'accept-encoding': 'identity',
      'user-agent': 'test/1',
    });
  });

  it('uses one connection for many bodies that end by themselves', async () => {
    const sockets = new Set<unknown>();
    const server = await serve((request, response) => {
      sockets.add(request.socket);
      sendRange(request, response);
    });
    const deps = depsFor(server.origin);
    for (let part = 0; part < 8; part += 1) {
      const { error } = await get(server.origin, { deps, start: part * 50_000, end: (part + 1) * 50_000 });
      expect(error).toBeNull();
    }
    expect(sockets.size).toBe(1);
  });

  it('is done with the last byte, and keeps the connection, when the body ends a little later', async () => {
    const sockets = new Set<unknown>();
    const server = await serve((request, response) => {
      sockets.add(request.socket);
      const [start, last] = rangeOf(request);
      response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${CONTENT.length}` });
      response.write(CONTENT.subarray(start, last + 1));
      setTimeout(() => response.end(), 50); // Only now the closing chunk of a chunked body.
    });
    const deps = depsFor(server.origin);
    for (let round = 0; round < 3; round += 1) {
      const { error } = await get(server.origin, { deps });
      expect(error).toBeNull();
      await sleep(100);
    }
    expect(sockets.size).toBe(1);
  });

  it('ends the connection when the body does not end after its last byte', async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      const [start, last] = rangeOf(request);
      request.socket.on('close', () => closed.resolve());
      response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${CONTENT.length}` });
      response.write(CONTENT.subarray(start, last + 1));
    });
    const started = performance.now();
    const { error } = await get(server.origin);
    expect(error).toBeNull();
    expect(performance.now() - started).toBeLessThan(900);
    await closed.promise;
  });

  it('keeps the connection after a small error page', async () => {
    const sockets = new Set<unknown>();
    let answered = 0;
    const server = await serve((request, response) => {
      sockets.add(request.socket);
      answered += 1;
      if (answered === 1) response.writeHead(503, { 'retry-after': '7' }).end('busy');
      else sendRange(request, response);
    });
    const deps = depsFor(server.origin);
    const first = await get(server.origin, { deps });
    expect(first.error).toMatchObject({ code: 'ServerError', retryAfterMs: 7000 });
    expect((await get(server.origin, { deps })).error).toBeNull();
    expect(sockets.size).toBe(1);
  });

  it('passes over early hints', async () => {
    const server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
      socket.write(
        'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/400000\r\nContent-Length: 10\r\n\r\n',
      );
      socket.write(CONTENT.subarray(0, 10));
    });
    const { error, sink } = await get(server.origin, { start: 0, end: 10 });
    expect(error).toBeNull();
    expect(sink.bytes.equals(CONTENT.subarray(0, 10))).toBe(true);
  });
});

describe('a body of the wrong length', () => {
  it('that ends early keeps its good prefix', async () => {
    const server = await serve((request, response) => {
      const [start, last] = rangeOf(request);
      response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${CONTENT.length}` });
      response.end(CONTENT.subarray(start, start + 5000));
    });
    const { error, sink } = await get(server.origin);
    expect(error).toMatchObject({ code: 'Offline', retryable: true });
    expect(sink.bytes.equals(CONTENT.subarray(1000, 6000))).toBe(true);
  });

  it('whose connection breaks keeps its good prefix', async () => {
    const server = await serve((request, response) => {
      const [start, last] = rangeOf(request);
      response.writeHead(206, {
        'content-range': `bytes ${start}-${last}/${CONTENT.length}`,
        'content-length': last - start + 1,
      });
      response.write(CONTENT.subarray(start, start + 5000), () =>
        setTimeout(() => request.socket.destroy(), 20),
      );
    });
    const { error, sink } = await get(server.origin);
    expect(error).toMatchObject({ code: 'Offline' });
    expect(sink.bytes.equals(CONTENT.subarray(1000, 6000))).toBe(true);
  });

  it('that never ends is taken as far as it was asked for, and hung up on', async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      const [start, last] = rangeOf(request);
      response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${CONTENT.length}` });
      response.write(CONTENT.subarray(start, last + 1));
      const more = setInterval(() => response.write(Buffer.alloc(1000)), 5);
      request.socket.on('close', () => {
        clearInterval(more);
        closed.resolve();
      });
    });
    const { error, sink } = await get(server.origin);
    expect(error).toBeNull();
    expect(sink.bytes.equals(CONTENT.subarray(1000, 300_000))).toBe(true);
    await closed.promise;
  });
});

describe('the whole file in place of a range', () => {
  const sendAll = (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT);
  };

  it('is taken when the whole file was asked for, and the connection is used again', async () => {
    const sockets = new Set<unknown>();
    const server = await serve((request, response) => {
      sockets.add(request.socket);
      sendAll(request, response);
    });
    const deps = depsFor(server.origin);
    for (let round = 0; round < 2; round += 1) {
      const { error, sink } = await get(server.origin, { deps, start: 0, end: CONTENT.length });
      expect(error).toBeNull();
      expect(sink.bytes.equals(CONTENT)).toBe(true);
    }
    expect(sockets.size).toBe(1);
  });

  it('is read from its start as far as was asked', async () => {
    const server = await serve(sendAll);
    const { error, sink } = await get(server.origin, { start: 0, end: 100_000 });
    expect(error).toBeNull();
    expect(sink.bytes.equals(CONTENT.subarray(0, 100_000))).toBe(true);
  });

  it('is refused for any other part, without a byte', async () => {
    const server = await serve(sendAll);
    const { error, sink } = await get(server.origin, { start: 1, end: CONTENT.length });
    expect(error).toMatchObject({ code: 'RangeUnsupported' });
    expect(sink.parts).toEqual([]);
  });
});

describe('an answer that is not the file', () => {
  it('never delivers its body', async () => {
    const server = await serve((_, response) => response.writeHead(500).end('x'.repeat(2000)));
    const { error, sink } = await get(server.origin);
    expect(error).toMatchObject({ code: 'ServerError', details: { status: 500 } });
    expect(sink.parts).toEqual([]);
  });

  it('may be an error page without end: its beginning is enough', async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      response.writeHead(403, { 'content-type': 'text/plain' });
      response.write('AccessDenied ');
      const more = setInterval(() => response.write('x'.repeat(1000)), 1);
      request.socket.on('close', () => {
        clearInterval(more);
        closed.resolve();
      });
    });
    const { error } = await get(server.origin, { deps: depsFor('http://hub.invalid') });
    expect(error).toMatchObject({ code: 'ServerError', retryable: true, details: { status: 403 } });
    expect(error?.message).toContain('AccessDenied');
    await closed.promise;
  });

  it('gets no patience for an error page that drips', async () => {
    const server = await serve((request, response) => {
      response.writeHead(429, { 'retry-after': '5' });
      const drip = setInterval(() => response.write('x'), 20);
      request.socket.on('close', () => clearInterval(drip));
    });
    const deps = { ...depsFor(server.origin), stallTimeoutMs: () => 200 };
    const { error } = await get(server.origin, { deps });
    expect(error).toMatchObject({ code: 'RateLimited', retryAfterMs: 5000 });
  });

  it('may be the web page of a network that wants a sign-in', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    });
    const { error, sink } = await get(server.origin, { start: 0, end: CONTENT.length });
    expect(error).toMatchObject({ code: 'Offline', details: { captivePortal: true } });
    expect(sink.parts).toEqual([]);
  });
});

describe('redirects', () => {
  const elsewhere =
    (server: () => ScriptedServer) => (request: IncomingMessage, response: ServerResponse) => {
      if (request.url === '/file') response.writeHead(302, { location: '../relative?x=1' }).end();
      else if (request.url === '/relative?x=1')
        response.writeHead(307, { location: `${server().foreignOrigin}/content` }).end();
      else sendRange(request, response);
    };

  it('are followed, relative ones too, and the token stays on the Hub', async () => {
    const server: ScriptedServer = await serve((request, response) =>
      elsewhere(() => server)(request, response),
    );
    const { error, sink } = await get(server.origin);
    expect(error).toBeNull();
    expect(sink.bytes.length).toBe(299_000);
    expect(server.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/file', 'Bearer secret'],
      ['/relative?x=1', 'Bearer secret'],
      ['/content', undefined],
    ]);
  });

  it('in a circle end', async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: '/file' }).end());
    const { error } = await get(server.origin);
    expect(error).toMatchObject({ code: 'ServerError' });
    expect(server.requests).toHaveLength(11);
  });

  it.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://example.org/x'])(
    'to %s are refused',
    async (location) => {
      const server = await serve((_, response) => response.writeHead(302, { location }).end());
      const { error, sink } = await get(server.origin);
      expect(error).toMatchObject({ code: 'ServerError', retryable: false });
      expect(sink.parts).toEqual([]);
    },
  );

  it('without an address are an error that may pass', async () => {
    const server = await serve((_, response) => response.writeHead(302).end());
    expect((await get(server.origin)).error).toMatchObject({ code: 'ServerError', retryable: true });
  });
});

describe('silence', () => {
  const soon = (origin: string) => ({ ...depsFor(origin), stallTimeoutMs: () => 150 });

  it('before the headers is a stall, and ends the connection', async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serveRaw((socket) => socket.on('close', () => closed.resolve()));
    const { error } = await get(server.origin, { deps: soon(server.origin) });
    expect(error).toMatchObject({ code: 'Stalled', retryable: true });
    await closed.promise;
  });

  it('behind headers that drip is a stall too', async () => {
    const server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 206 Partial Content\r\n');
      const drip = setInterval(() => socket.write('X'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const { error } = await get(server.origin, { deps: soon(server.origin) });
    expect(error).toMatchObject({ code: 'Stalled' });
  });

  it('in the middle of a body is a stall, and what came before it stays', async () => {
    const server = await serve((request, response) => {
      const [start, last] = rangeOf(request);
      response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${CONTENT.length}` });
      response.write(CONTENT.subarray(start, start + 5000));
    });
    const { error, sink } = await get(server.origin, { deps: soon(server.origin) });
    expect(error).toMatchObject({ code: 'Stalled' });
    expect(sink.bytes.length).toBe(5000);
  });

  it('is no stall while our own disk is waited for', async () => {
    const server = await serve(sendRange);
    const sink = new Collector(299_000);
    sink.wait = sleep(600);
    const { error } = await get(server.origin, { deps: soon(server.origin), sink });
    expect(error).toBeNull();
    expect(sink.bytes.equals(CONTENT.subarray(1000, 300_000))).toBe(true);
  });

  it('counts again after the wait for our own disk', async () => {
    const server = await serve((request, response) => {
      const [start, last] = rangeOf(request);
      response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${CONTENT.length}` });
      response.write(CONTENT.subarray(start, start + 100));
    });
    const sink = new Collector(299_000);
    sink.wait = sleep(300);
    const { error } = await get(server.origin, { deps: soon(server.origin), sink });
    expect(error).toMatchObject({ code: 'Stalled' });
  });
});

describe('a signal', () => {
  const stopped = () => new AppError('Cancelled', 'Stopped.');

  it('that was given before ends the attempt without a request', async () => {
    const server = await serve(sendRange);
    const { error } = await get(server.origin, { signal: AbortSignal.abort(stopped()) });
    expect(error?.code).toBe('Cancelled');
    expect(server.requests).toHaveLength(0);
  });

  it('ends the attempt while the connection is being made, without a request later', async () => {
    const server = await serve(sendRange);
    const abort = new AbortController();
    const result = get(server.origin, { signal: abort.signal });
    abort.abort(stopped());
    expect((await result).error?.code).toBe('Cancelled');
    await sleep(100);
    expect(server.requests).toHaveLength(0);
  });

  it('ends the attempt before the headers and closes the connection', async () => {
    const closed = Promise.withResolvers<void>();
    const abort = new AbortController();
    const server = await serveRaw((socket) => {
      socket.on('close', () => closed.resolve());
      abort.abort(stopped());
    });
    const { error } = await get(server.origin, { signal: abort.signal });
    expect(error?.code).toBe('Cancelled');
    await closed.promise;
  });

  it('ends the attempt in the middle of the body, and nothing is delivered after it', async () => {
    const abort = new AbortController();
    const server = await serve(sendRange);
    const sink = new Collector(299_000);
    const result = get(server.origin, { signal: abort.signal, sink });
    await sink.arrival;
    abort.abort(stopped());
    const delivered = sink.parts.length;
    expect((await result).error?.code).toBe('Cancelled');
    await sleep(50);
    expect(sink.parts.length).toBe(delivered);
  });

  it('ends the attempt while our own disk is waited for', async () => {
    const closed = Promise.withResolvers<void>();
    const abort = new AbortController();
    const server = await serve((request, response) => {
      request.socket.on('close', () => closed.resolve());
      sendRange(request, response);
    });
    const sink = new Collector(299_000);
    const disk = Promise.withResolvers<void>();
    sink.wait = disk.promise;
    const result = get(server.origin, { signal: abort.signal, sink });
    await sink.arrival;
    abort.abort(stopped());
    expect((await result).error?.code).toBe('Cancelled');
    await closed.promise;
    disk.reject(new Error('too late to matter'));
    await sleep(10);
    expect(sink.parts).toHaveLength(1);
  });

  it('is left without listeners, however an attempt ends', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/good') sendRange(request, response);
      else response.writeHead(500).end();
    });
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    for (const path of ['/good', '/bad']) await get(server.origin, { signal, path });
    expect(add).toHaveBeenCalledTimes(2);
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
      add.mock.calls.map(([, listener]) => listener),
    );
  });
});

describe('a sink', () => {
  it('whose rest was given away ends the attempt early and well', async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      const [start, last] = rangeOf(request);
      request.socket.on('close', () => closed.resolve());
      response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${CONTENT.length}` });
      let at = start;
      const drip = setInterval(() => {
        response.write(CONTENT.subarray(at, at + 1000));
        at += 1000;
      }, 2);
      request.socket.on('close', () => clearInterval(drip));
    });
    const sink = new Collector(299_000);
    const result = get(server.origin, { sink });
    await sink.arrival;
    sink.wanted = 20_000;
    expect((await result).error).toBeNull();
    expect(sink.bytes.equals(CONTENT.subarray(1000, 21_000))).toBe(true);
    await closed.promise;
  });

  it('that fails ends the attempt with its error', async () => {
    const server = await serve(sendRange);
    const sink = new Collector(299_000);
    sink.wait = sleep(10).then(() => Promise.reject(new AppError('DiskFull', 'Full.')));
    const { error } = await get(server.origin, { sink });
    expect(error?.code).toBe('DiskFull');
  });
});

describe('a host that cannot be reached', () => {
  it('is named', async () => {
    const { error } = await get('http://127.0.0.1:1');
    expect(error).toMatchObject({ code: 'Offline', retryable: true, details: { host: '127.0.0.1:1' } });
  });
});
