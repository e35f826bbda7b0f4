import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHAPES } from '../../tools/json-output/shapes.ts';
import { GATED } from '../hub/fixtures/odd.ts';
import { type CliOptions, type CliWorld, openCliWorld, type RunningCli } from './cli-world.ts';
import { MIB } from './harness.ts';
import { oneFile, text, WEIGHTS } from './repositories.ts';

const ID = 'org/one';
const LARGE = 'org/large';
const FREE = ['--port', '0', '--json'];

let world: CliWorld;
let snapshot: string;
beforeAll(async () => {
  world = await openCliWorld([
    oneFile(2 * MIB, ID),
    oneFile(40 * MIB, LARGE),
    GATED,
    { id: 'other/small', files: [text('a.txt', 'a\n')] },
  ]);
  await world.run(['download', 'other/small']);
  await world.run(['download', GATED.id], { env: { HF_TOKEN: 'hf_local_granted' } });
  const { stdout } = await world.run(['download', ID, '--quiet']);
  snapshot = stdout.trim() || (await world.run(['path', ID])).stdout.trim();
});
afterAll(() => world[Symbol.asyncDispose]());

interface Running extends RunningCli {
  readonly url: string;
  readonly told: Readonly<Record<string, unknown>>;
}

async function serve(args: readonly string[] = [], options: CliOptions = {}): Promise<Running> {
  const running = world.start(['serve', ...FREE, ...args], options);
  const told = await running.event('serving');
  return { ...running, told, url: (told.urls as readonly string[])[0]! };
}

const stop = async ({ process, ended }: RunningCli) => {
  process.kill('SIGINT');
  return ended;
};
const file = (base: string, headers: Record<string, string> = {}) =>
  fetch(`${base}/${ID}/resolve/main/${WEIGHTS}`, { headers });

describe('haulyard serve', () => {
  it('prints what it shares, logs requests, and ends in order', async () => {
    const running = await serve();
    expect(running.told).toMatchObject({
      notShared: [GATED.id],
      models: [{ repo: ID }, { repo: 'other/small' }],
    });
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = await file(running.url, { 'user-agent': 'curl/8\u0085\u009b31m' });
    expect(Buffer.from(await answer.arrayBuffer()).equals(await readFile(join(snapshot, WEIGHTS)))).toBe(
      true,
    );
    await running.event('request', ({ status }) => status === 200);
    const { code, json, stderr } = await stop(running);
    for (const line of json()) SHAPES.serve.parse(line);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('prints lines for people, in which nothing can move the cursor or turn the text', async () => {
    const running = world.start(['serve', '--port', '0']);
    await running.line((line) => line.startsWith('Sharing 2 models'));
    const address = await running.line((line) => line.startsWith('Address: '));
    const url = address.slice('Address: '.length);
    await fetch(`${url}/x`, { headers: { 'user-agent': 'bad\u009b2J' } });
    const line = await running.line((each) => each.includes('GET /x 404'));
    expect(line).toContain('“bad⟨U+009B⟩2J”');
    const { stdout } = await stop(running);
    expect(stdout).toContain(`Not shared: ${GATED.id}.`);
  });

  it('works beside the owner of the ledger, and shares what that downloads', async () => {
    const owner = world.start(['download', LARGE, '--json', '--limit', '20MB/s']);
    await owner.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    const running = await serve();
    const status = async () => (await fetch(`${running.url}/api/models/${LARGE}`)).status;
    expect(await status()).toBe(404);
    expect((await owner.ended).code).toBe(0);
    await expect.poll(status, { timeout: 15_000, interval: 500 }).toBe(200);
    await stop(running);
  });

  it('asks for its secret, one that was given, made or in the environment', async () => {
    for (const [args, env] of [
      [['--secret', 'a-known-secret'], {}],
      [['--secret'], {}],
      [[], { HAULYARD_SERVE_SECRET: 'a-known-secret' }],
    ] as const) {
      const running = await serve(args, { env });
      const secret = (running.told.secret as string | undefined) ?? 'a-known-secret';
      const codes = [await file(running.url), await file(running.url, { authorization: `Bearer ${secret}` })];
      expect([args, codes.map(({ status }) => status)]).toEqual([args, [401, 200]]);
      const { stdout } = await stop(running);
      expect(stdout.split('a-known-secret')).toHaveLength(1);
    }
  });

  it('keeps to its speed limit', async () => {
    const running = await serve(['--limit', '2MB/s']);
    const startedMs = performance.now();
    await (await file(running.url)).arrayBuffer();
    expect(performance.now() - startedMs).toBeGreaterThan(700);
    await stop(running);
  });

  it('is an endpoint for this program, models and all', async () => {
    const running = await serve(['--models', 'org/*']);
    await using second = await openCliWorld([]);
    const env = { HF_ENDPOINT: running.url };
    const done = await second.run(['download', ID, '--json'], { env });
    expect(done.code).toBe(0);
    expect((await second.run(['download', 'other/small'], { env })).code).toBe(4);
    await stop(running);
  });

  it.each<[string, readonly string[], string]>([
    ['a port that is no number', ['--port', 'x'], '--port is a number'],
    ['a short secret', ['--secret', 'short'], 'A secret has 12 to 200'],
    ['a host with a path', ['--host', 'a/b'], '--host is a name'],
    ['an address of another machine', ['--host', '192.0.2.1'], 'does not have this address'],
    ['no connections', ['--connections', '0'], '--connections is a whole number'],
  ])('refuses %s', async (_, args, words) => {
    const { code, stderr } = await world.run(['serve', '--port', '0', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  it('reports that a port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { readonly port: number };
    const { code, stderr } = await world.run(['serve', '--port', String(port)]);
    other.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining('another program uses it')]);
  });
});
