import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CacheServer, ServedRequest } from '../../src/engine/hub-server/serve-cache.ts';
import { openWorld, type World } from './harness.ts';
import { text, WEIGHTS, weights } from './repositories.ts';
import { ask, type Question, share } from './shared-cache.ts';

const ID = 'org/model';
const SIZE = 30_000_000;
const FILE = `/${ID}/resolve/main/${WEIGHTS}`;
const SECRET = 'hf_abcdefghijkl';

let world: World;
let server: CacheServer;
const requests: ServedRequest[] = [];
beforeAll(async () => {
  world = await openWorld([{ id: ID, files: [weights(WEIGHTS, SIZE), text('config.json', '{}\n')] }]);
  await (await world.open()).download({ reference: ID });
  server = await share(world, { slowReaderMs: 300, onRequest: (request) => requests.push(request) });
});
afterAll(async () => {
  await server.close();
  await world[Symbol.asyncDispose]();
});

const status = async (target: string, question: Question = {}, from = server) =>
  (await ask(from, target, question)).status;

describe('a page of a stranger', () => {
  const named = (host: string, from = server) => status('/api/models/org/model', { headers: { host } }, from);

  it.each([
    'evil.example',
    'localhost.evil.example',
    'evil.local.example',
    'evil.example:8900',
    '127.0.0.1.evil.example',
    'local',
    '.local',
    'a@localhost',
    'localhost/x',
  ])('is refused when it gives its name to this computer: %j', async (host) => {
    expect(await named(host)).toBe(421);
  });

  it.each([
    '127.0.0.1',
    '127.0.0.1:8900',
    '[::1]:8900',
    '192.168.1.5',
    'localhost',
    'LOCALHOST.',
    'studio.local:8900',
    hostname(),
  ])('does not keep others from using the name %s', async (host) => {
    expect(await named(host)).toBe(200);
  });

  it('may not have a name that the user did not say', async () => {
    await using known = await share(world, { names: ['Models.Example'] });
    expect([await named('models.example:80', known), await named('other.example', known)]).toEqual([
      200, 421,
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['by fetch', { origin: 'https://evil.example' }],
    ['from a file', { origin: 'null' }],
    ['from another port', { origin: 'http://127.0.0.1:1' }],
    ['as an image or script', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ])('may not ask %s', async (_, headers) => {
    const { status: code, headers: told } = await ask(server, FILE, { headers });
    expect([code, told['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  it('may link to it, and what is opened is never run', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const { status: code, headers: told } = await ask(server, `/${ID}/resolve/main/config.json`, { headers });
    expect(code).toBe(200);
    expect(told).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
  });
});

describe('a secret', () => {
  it.each<[string, Record<string, string>, number]>([
    ['right', { authorization: `Bearer ${SECRET}` }, 200],
    ['in other letters', { authorization: `bearer ${SECRET}` }, 200],
    ['missing', {}, 401],
    ['wrong', { authorization: `Bearer ${SECRET}x` }, 401],
    ['a part of it', { authorization: `Bearer ${SECRET.slice(0, -1)}` }, 401],
    ['empty', { authorization: 'Bearer ' }, 401],
    ['of another kind', { authorization: `Basic ${SECRET}` }, 401],
  ])('that is %s', async (_, headers, code) => {
    await using closed = await share(world, { secret: SECRET });
    for (const target of ['/', '/health', FILE, '/api/haulyard/blob/x']) {
      const expected = code === 200 && target.endsWith('/x') ? 404 : code;
      expect([target, await status(target, { method: 'HEAD', headers }, closed)]).toEqual([target, expected]);
    }
  });
});

describe('what a request names', () => {
  it.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    `/${ID}/resolve/main/../../../../../etc/passwd`,
    `/${ID}/resolve/main/..%2f..%2f..%2f..%2fledger.db`,
    `/${ID}/resolve/main/%2e%2e/%2e%2e/refs/main`,
    `/${ID}/resolve/main/%252e%252e%252frefs/main`,
    `/${ID}/resolve/main/..%5c..%5crefs%5cmain`,
    `/${ID}/resolve/main/%2fetc%2fpasswd`,
    `/${ID}/resolve/main/config.json%00.png`,
    `/${ID}/resolve/main/config.json/`,
    `/${ID}/resolve/main//config.json`,
    `/${ID}/resolve/main/CONFIG.JSON`,
    `/${ID}/resolve/..%2f..%2fblobs/config.json`,
    `/${ID}/resolve/%2e%2e/config.json`,
    '/models--org--model/resolve/main/config.json',
    '/org%2fmodel%2f..%2fmodel/resolve/main/config.json',
    '/datasets/org/model/resolve/main/config.json',
    '/api/datasets/org/model',
    '/api/models/..%2f..%2f..',
    '/api/models/__proto__',
    '/api/models/constructor/tree/main',
    `/api/models/${ID}/tree/main/../..`,
    `/api/models/${ID}/revision/%zz`,
    `/api/haulyard/blob/..%2f..%2fconfig.json`,
    '/api/haulyard/blob/',
    `//127.0.0.1${FILE}`,
    'http://127.0.0.1/etc/passwd',
    '*',
    `/${'a/'.repeat(5000)}`,
  ])('is not found when it is none of its names: %s', async (target) => {
    expect(await status(target)).toBe(404);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'POST', 'OPTIONS', 'TRACE'])('is never changed: %s', async (method) => {
    expect(await status(FILE, { method })).toBe(405);
  });

  it('is answered with a bounded body only', async () => {
    const body = JSON.stringify({ sha256: [], padding: 'x'.repeat(300_000) });
    expect(await status('/api/haulyard/have', { method: 'POST', body })).toBe(413);
    const headers = { 'transfer-encoding': 'chunked' };
    expect(await status('/api/haulyard/have', { method: 'POST', body, headers })).toBe(413);
    expect(await status('/api/haulyard/have', { method: 'POST', body: '{' })).toBe(400);
  });
});

describe('a client that is a burden', () => {
  /** A connection that was opened by hand. */
  function dial(to: Pick<CacheServer, 'port'>, request: string): Promise<Socket> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: to.port }, () => {
        socket.write(request);
        resolve(socket);
      });
      socket.on('error', () => resolve(socket));
    });
  }
  const closed = (socket: Socket) =>
    socket.destroyed
      ? Promise.resolve()
      : new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const GET = `GET ${FILE} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

  it('is cut off when it takes nothing of what it asked for', async () => {
    requests.length = 0;
    const socket = await dial(server, GET);
    socket.pause();
    const told = () => requests.find(({ isWhole }) => !isWhole);
    await expect.poll(told, { timeout: 10_000 }).toBeDefined();
    expect(told()!.bytes).toBeLessThan(SIZE);
    socket.resume();
    await closed(socket);
  });

  it('that goes away in the middle leaves nothing open', async () => {
    requests.length = 0;
    const socket = await dial(server, GET);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await expect.poll(() => requests.length, { timeout: 10_000 }).toBe(1);
    expect(await status(FILE, { method: 'HEAD' })).toBe(200);
  });

  it('with a thousand connections has no more than the bound, and the server goes on', async () => {
    const log: string[] = [];
    await using bounded = await share(world, { maxConnections: 20, log: (_, message) => log.push(message) });
    const sockets = await Promise.all(
      Array.from({ length: 1000 }, () => dial(bounded, 'GET / HTTP/1.1\r\n')),
    );
    await expect
      .poll(() => sockets.filter((socket) => !socket.destroyed).length, { timeout: 10_000 })
      .toBeLessThanOrEqual(20);
    expect(log).toHaveLength(1);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => status('/health', {}, bounded).catch(() => 0), { timeout: 10_000 }).toBe(200);
  });

  it('that sends all its requests at once has them answered one by one', async () => {
    requests.length = 0;
    const before = process.memoryUsage().arrayBuffers;
    const socket = await dial(server, GET.repeat(1000));
    socket.pause();
    await expect.poll(() => requests.length, { timeout: 10_000 }).toBeGreaterThan(0);
    // Two buffers of each of a thousand would be 1 GiB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 << 20);
    socket.resume();
    await closed(socket);
  });
});
