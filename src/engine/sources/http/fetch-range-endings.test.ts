import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/contract/errors.ts';
import type { ScriptedServer } from '../../http/scripted-server.ts';
import {
  CONTENT,
  Collector,
  closeAll,
  depsFor,
  get,
  rangeOf,
  sendRange,
  serve,
  serveRaw,
} from './test-range.ts';

afterEach(closeAll);

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
    expect(sink.latePushes).toBe(0);
    await closed.promise;
  });

  it('that fails ends the attempt with its error', async () => {
    const server = await serve(sendRange);
    const sink = new Collector(299_000);
    const disk = Promise.withResolvers<void>();
    sink.wait = disk.promise;
    const result = get(server.origin, { sink });
    await sink.arrival;
    disk.reject(new AppError('DiskFull', 'Full.'));
    expect((await result).error?.code).toBe('DiskFull');
  });
});

describe('a host that cannot be reached', () => {
  it('is named', async () => {
    const { error } = await get('http://127.0.0.1:1');
    expect(error).toMatchObject({ code: 'Offline', retryable: true, details: { host: '127.0.0.1:1' } });
  });
});
