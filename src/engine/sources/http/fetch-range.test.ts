import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CONTENT, closeAll, depsFor, get, rangeOf, sendRange, serve, serveRaw } from './test-range.ts';

afterEach(closeAll);

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
    expect(performance.now() - started).toBeLessThan(5000);
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

  it('that never ends is read as far as requested, and closed', async () => {
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

describe('the whole file', () => {
  const sendAll = (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT);
  };

  it('is requested without a range, and the connection is reused', async () => {
    const sockets = new Set<unknown>();
    const ranges = new Set<string | undefined>();
    const server = await serve((request, response) => {
      sockets.add(request.socket);
      ranges.add(request.headers.range);
      sendAll(request, response);
    });
    const deps = depsFor(server.origin);
    for (let round = 0; round < 2; round += 1) {
      const { error, sink } = await get(server.origin, { deps, start: 0, end: CONTENT.length });
      expect(error).toBeNull();
      expect(sink.bytes.equals(CONTENT)).toBe(true);
    }
    expect(sockets.size).toBe(1);
    expect([...ranges]).toEqual([undefined]);
  });

  it('instead of a range is read from its start as far as requested', async () => {
    const server = await serve(sendAll);
    const { error, sink } = await get(server.origin, { start: 0, end: 100_000 });
    expect(error).toBeNull();
    expect(sink.bytes.equals(CONTENT.subarray(0, 100_000))).toBe(true);
  });

  it('instead of any other range is rejected, without a byte', async () => {
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
