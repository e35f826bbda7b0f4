import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { classify } from '../errors/classify.ts';
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts';
import { scriptedServer } from './scripted-server.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.ts';
import { testSocksProxy } from './test-socks-proxy.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function proxyFor(...args: Parameters<typeof testSocksProxy>) {
  const proxy = await testSocksProxy(...args);
  cleanups.push(() => proxy.close());
  return proxy;
}

function dispatcherFor(proxy: string, options: Partial<DispatcherOptions> = {}): Dispatcher {
  const dispatcher = createDispatcher({
    env: { ALL_PROXY: proxy },
    certificates: () => [TEST_CERTIFICATE],
    ...options,
  });
  cleanups.push(() => dispatcher.destroy());
  return dispatcher;
}

async function plainServer(): Promise<string> {
  const server = await scriptedServer((_, answer) => answer.end('hello'));
  cleanups.push(() => server.close());
  return server.origin;
}

async function secureServer(): Promise<string> {
  const server = createSecureServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (_, answer) =>
    answer.end('hello'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const textOf = async (url: string, dispatcher: Dispatcher) =>
  (await request(url, { dispatcher })).body.text();
const LOGIN = { user: 'me', password: 'p@ss' };
const localHost = async () => [{ address: '127.0.0.1', family: 4 }];

describe('a SOCKS proxy', () => {
  it.each(['socks5', 'socks5h', 'socks4', 'socks4a', 'socks'])(
    'is used as %s://, http and https',
    async (scheme) => {
      const proxy = await proxyFor();
      const dispatcher = dispatcherFor(`${scheme}://127.0.0.1:${proxy.port}`);
      const [plain, secure] = [await plainServer(), await secureServer()];
      expect(await textOf(plain, dispatcher)).toBe('hello');
      expect(await textOf(secure, dispatcher)).toBe('hello');
      expect(proxy.asked).toEqual([new URL(plain).host, new URL(secure).host]);
    },
  );

  it('gets user name and password', async () => {
    const proxy = await proxyFor(LOGIN);
    const dispatcher = dispatcherFor(`socks5h://me:p%40ss@127.0.0.1:${proxy.port}`);
    expect(await textOf(await secureServer(), dispatcher)).toBe('hello');
    const four = await proxyFor();
    await textOf(await plainServer(), dispatcherFor(`socks4://me@127.0.0.1:${four.port}`));
    expect(four.users).toEqual(['me']);
  });

  it.each(['me:wrong@', ''])('that wants another password needs the user (%s)', async (login) => {
    const proxy = await proxyFor(LOGIN);
    const dispatcher = dispatcherFor(`socks5://${login}127.0.0.1:${proxy.port}`);
    const url = await secureServer();
    const error = await textOf(url, dispatcher).catch((thrown: unknown) => classify(thrown, { url }));
    expect(error).toMatchObject({
      code: 'ProxyAuthRequired',
      retryable: false,
      details: { proxy: `127.0.0.1:${proxy.port}`, trouble: 'proxy-password' },
    });
    expect((error as Error).message).not.toContain('wrong');
  });

  it.each([
    ['socks5h', 'hub.invalid'],
    ['socks4a', 'hub.invalid'],
    ['socks5', '127.0.0.1'],
    ['socks4', '127.0.0.1'],
  ])('is given the name or the address, as %s says', async (scheme, asked) => {
    const proxy = await proxyFor();
    const dispatcher = dispatcherFor(`${scheme}://127.0.0.1:${proxy.port}`, { lookup: localHost });
    const { port } = new URL(await plainServer());
    expect(await textOf(`http://hub.invalid:${port}`, dispatcher)).toBe('hello');
    expect(proxy.asked).toEqual([`${asked}:${port}`]);
  });

  it('is given the name where it cannot be looked up here', async () => {
    const proxy = await proxyFor();
    const lookup = async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    const dispatcher = dispatcherFor(`socks5://127.0.0.1:${proxy.port}`, { lookup });
    const { port } = new URL(await plainServer());
    expect(await textOf(`http://hub.invalid:${port}`, dispatcher)).toBe('hello');
  });

  it('that cannot be reached is reported as such', async () => {
    const url = 'https://hub.invalid/';
    const dispatcher = dispatcherFor('socks5h://127.0.0.1:1');
    const error = await textOf(url, dispatcher).catch((thrown: unknown) => classify(thrown, { url }));
    expect(error).toMatchObject({ code: 'Offline', details: { trouble: 'proxy-unreachable' } });
  });

  it('is not used for the hosts of NO_PROXY', async () => {
    const proxy = await proxyFor();
    const env = { ALL_PROXY: `socks5://127.0.0.1:${proxy.port}`, no_proxy: '127.0.0.0/8' };
    expect(await textOf(await plainServer(), dispatcherFor('', { env }))).toBe('hello');
    expect(proxy.asked).toEqual([]);
  });

  it('keeps its connections for later requests', async () => {
    const proxy = await proxyFor();
    const dispatcher = dispatcherFor(`socks5://127.0.0.1:${proxy.port}`);
    const url = await plainServer();
    for (let i = 0; i < 5; i += 1) await textOf(url, dispatcher);
    expect(proxy.asked.length).toBeLessThanOrEqual(2);
  });
});
