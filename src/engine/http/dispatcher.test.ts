import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type Dispatcher, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { classify } from '../errors/classify.ts';
import { createDispatcher, type DispatcherOptions, renewConnections } from './dispatcher.ts';
import { type ScriptedServer, scriptedServer } from './scripted-server.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function dispatcherFor(options: Partial<DispatcherOptions> = {}): Dispatcher {
  const dispatcher = createDispatcher({ env: {}, certificates: () => [TEST_CERTIFICATE], ...options });
  cleanups.push(() => dispatcher.destroy());
  return dispatcher;
}

async function server(...args: Parameters<typeof scriptedServer>): Promise<ScriptedServer> {
  const made = await scriptedServer(...args);
  cleanups.push(() => made.close());
  return made;
}

/** A server that prefers HTTP/2; responds with the version of the request. */
async function secureServer(): Promise<string> {
  const made = createSecureServer(
    { key: TEST_KEY, cert: TEST_CERTIFICATE, allowHTTP1: true },
    (asked, answer) => answer.end(asked.httpVersion),
  );
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => made.close());
  return `https://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

/** A proxy for CONNECT only, which responds with `status` and, for 200, connects. */
async function tunnel(status: number): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const made: Server = createServer();
  made.on('connect', (head, socket: Socket) => {
    asked.push(head.url ?? '');
    socket.write(`HTTP/1.1 ${status} Whatever\r\n\r\n`);
    if (status !== 200) return socket.end();
    const far = connect(Number((head.url ?? '').split(':')[1]), '127.0.0.1');
    far.on('error', () => socket.destroy());
    socket.on('error', () => far.destroy());
    return far.pipe(socket).pipe(far);
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => made.close());
  return { origin: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, asked };
}

const textOf = async (url: string, dispatcher: Dispatcher) =>
  (await request(url, { dispatcher })).body.text();

describe('createDispatcher', () => {
  it('keeps connections for later requests', async () => {
    const ports = new Set<number | undefined>();
    const { origin } = await server((asked, answer) => {
      ports.add(asked.socket.remotePort);
      answer.end('x');
    });
    const dispatcher = dispatcherFor();
    for (let i = 0; i < 8; i += 1) await textOf(origin, dispatcher);
    // A body ends a moment before its connection is free, so a second one may be opened.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('opens as many connections to a host as there are requests', async () => {
    const held: ServerResponse[] = [];
    const { origin } = await server((_asked, answer) => {
      held.push(answer);
      if (held.length === 24) for (const each of held) each.end('x');
    });
    const dispatcher = dispatcherFor();
    const answers = await Promise.all(Array.from({ length: 24 }, () => textOf(origin, dispatcher)));
    expect(answers).toHaveLength(24);
  });

  it('speaks HTTP/1.1 to a server that prefers HTTP/2, and trusts the given certificates', async () => {
    expect(await textOf(await secureServer(), dispatcherFor())).toBe('1.1');
  });

  it('reads the certificates once, at the first secure connection', async () => {
    let reads = 0;
    const dispatcher = dispatcherFor({
      certificates: () => {
        reads += 1;
        return [TEST_CERTIFICATE];
      },
    });
    const plain = await server((_asked, answer) => answer.end('x'));
    await textOf(plain.origin, dispatcher);
    expect(reads).toBe(0);
    await textOf(await secureServer(), dispatcher);
    await textOf(await secureServer(), dispatcher);
    expect(reads).toBe(1);
  });

  it('does not trust a certificate that nobody vouches for', async () => {
    const url = await secureServer();
    const dispatcher = createDispatcher({ env: {} });
    cleanups.push(() => dispatcher.destroy());
    const error = await textOf(url, dispatcher).catch((thrown: unknown) => classify(thrown, { url }));
    expect(error).toMatchObject({ code: 'Offline', message: expect.stringContaining('isn’t trusted') });
  });

  it('sends http requests to the proxy of http', async () => {
    const proxy = await server((asked, answer) => answer.end(`proxied ${asked.url}`));
    const dispatcher = dispatcherFor({ env: { http_proxy: proxy.origin } });
    expect(await textOf('http://hub.invalid/a', dispatcher)).toBe('proxied http://hub.invalid/a');
  });

  it('goes past the proxy to the hosts of NO_PROXY', async () => {
    const proxy = await server((_asked, answer) => answer.end('proxied'));
    const direct = await server((_asked, answer) => answer.end('direct'));
    const dispatcher = dispatcherFor({
      env: { HTTP_PROXY: proxy.origin, NO_PROXY: 'other.example,127.0.0.1' },
    });
    expect(await textOf(direct.origin, dispatcher)).toBe('direct');
  });

  it('tunnels https through its proxy and checks the certificate at the far end', async () => {
    const proxy = await tunnel(200);
    const url = await secureServer();
    const dispatcher = dispatcherFor({ env: { HTTPS_PROXY: proxy.origin } });
    expect(await textOf(url, dispatcher)).toBe('1.1');
    expect(proxy.asked).toEqual([new URL(url).host]);
  });

  it('does not send https through the proxy of http', async () => {
    const proxy = await tunnel(200);
    await textOf(await secureServer(), dispatcherFor({ env: { HTTP_PROXY: proxy.origin } }));
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    [407, 'ProxyAuthRequired', 'password'],
    [403, 'Offline', 'refused'],
  ])('lets a refusal of the proxy (%i) be named', async (status, code, word) => {
    const proxy = await tunnel(status);
    const dispatcher = dispatcherFor({ proxy: proxy.origin });
    const url = 'https://hub.invalid/';
    const error = await textOf(url, dispatcher).catch((thrown: unknown) => classify(thrown, { url }));
    expect(error).toMatchObject({ code, message: expect.stringContaining(word) });
  });

  it('refuses requests after its end', async () => {
    const { origin } = await server((_asked, answer) => answer.end('x'));
    const dispatcher = dispatcherFor();
    await dispatcher.close();
    await expect(textOf(origin, dispatcher)).rejects.toThrow('closed');
  });
});

describe('connections that delivered wrong bytes', () => {
  it('are not used again, and requests in progress on them complete', async () => {
    const held: ServerResponse[] = [];
    const ports: Array<number | undefined> = [];
    const made = createServer((asked, answer) => {
      ports.push(asked.socket.remotePort);
      if (asked.url !== '/held') return void answer.end('here');
      answer.flushHeaders();
      held.push(answer);
    });
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => made.close());
    const origin = `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
    const dispatcher = dispatcherFor();
    const ask = async (path: string) => {
      const text = await (await request(`${origin}${path}`, { dispatcher })).body.text();
      // Only then does undici reuse the connection.
      for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
      return text;
    };
    const slow = await request(`${origin}/held`, { dispatcher });
    await ask('/1');
    await ask('/2');
    expect(ports[2]).toBe(ports[1]);
    renewConnections(dispatcher);
    expect(await ask('/3')).toBe('here');
    expect(ports.slice(0, 3)).not.toContain(ports[3]);
    held[0]?.end('at last');
    expect(await slow.body.text()).toBe('at last');
  });
});
