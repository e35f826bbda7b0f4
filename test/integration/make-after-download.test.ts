import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MoshiOnHub, moshiOnHub } from '../quantize/moshi-on-hub.ts';
import { openCliWorld } from './cli-world.ts';
import { openWorld, type World } from './harness.ts';

const SLOW = { conditions: { totalBytesPerSecond: 6_000_000 } };
/** Threads have to start, and machines that test do other things as well. */
const patient = { timeoutMs: 60_000 };

let moshi: MoshiOnHub;
beforeAll(async () => {
  moshi = await moshiOnHub();
});
afterAll(() => moshi[Symbol.asyncDispose]());

async function openMoshi(options: Parameters<typeof openWorld>[1] = {}): Promise<World> {
  const world = await openWorld([moshi.repository], options);
  await writeFile(world.catalogFile, JSON.stringify(moshi.catalog));
  return world;
}
const madeFolder = (root: string, variant: string) =>
  join(root, 'haulyard', 'kyutai', `moshiko-mlx-bf16-${variant}`);

describe('what is made of a download', () => {
  it('is made as soon as it is ready, from the variant that it is made from', async () => {
    await using world = await openMoshi();
    const engine = await world.open();
    await engine.add({ reference: 'moshi', make: 'q4' });
    const done = await engine.waitFor('build.done', () => true, patient);
    expect(done.path).toBe(madeFolder(world.root, 'q4'));
    expect((await engine.call('library.list', {})).made.map(({ variant }) => variant)).toEqual(['q4']);
  });

  it('can be requested and canceled while it runs, and a paused one stays paused', async () => {
    await using world = await openMoshi(SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference: 'moshi', variant: 'bf16' });
    await engine.waitFor('progress', ({ state }) => state === 'downloading');
    await engine.call('downloads.pause', { id });
    await engine.call('downloads.make', { id, make: 'q8' });
    expect(await engine.view(id)).toMatchObject({ state: 'paused', make: 'q8' });
    await engine.call('downloads.make', { id, make: null });
    expect((await engine.view(id)).make).toBeUndefined();
    await engine.call('downloads.make', { id, make: 'q4' });
    await engine.call('downloads.resume', { id });
    const done = await engine.waitFor('build.done', () => true, patient);
    expect(done.path).toBe(madeFolder(world.root, 'q4'));
    expect(await readdir(join(done.path, '..'))).toEqual(['moshiko-mlx-bf16-q4']);
  });

  it('is made at once when the download is ready already', async () => {
    await using world = await openMoshi();
    const engine = await world.open();
    const { id } = await engine.download({ reference: 'moshi', variant: 'bf16' }, patient);
    await engine.call('downloads.make', { id, make: 'q8' });
    expect((await engine.waitFor('build.done', () => true, patient)).path).toBe(madeFolder(world.root, 'q8'));
  });

  it('is made by the next engine when one ended just before', async () => {
    await using world = await openMoshi();
    const first = await world.open();
    const { id } = await first.download({ reference: 'moshi', variant: 'bf16' }, patient);
    await first.close();
    // As an engine leaves it that ends between the two: the wish is kept, and nothing was begun.
    const second = await world.open();
    const closing = second.call('downloads.make', { id, make: 'q4' });
    await second.close();
    await closing.catch(() => undefined);
    const third = await world.open({ autoStart: true });
    expect((await third.waitFor('build.done', () => true, patient)).path).toBe(madeFolder(world.root, 'q4'));
  });

  it.each([
    ['bf16', 'q4', 'can’t be made here'],
    ['q8', 'q4', 'is not made from its Q8'],
  ] as const)('is refused where nothing is made of %s in this way', async (variant, make, words) => {
    await using world = await openMoshi({ conditions: { totalBytesPerSecond: 1 } });
    const engine = await world.open();
    if (variant === 'bf16') {
      const wrong = engine.call('downloads.add', { reference: 'moshi', make: 'bf16' });
      return await expect(wrong).rejects.toThrow(words);
    }
    const { id } = await engine.call('downloads.add', { reference: 'moshi', variant });
    await expect(engine.call('downloads.make', { id, make })).rejects.toThrow(words);
  });
});

describe('the command line', () => {
  it('downloads, makes, says where it is, verifies it against its source and removes it', async () => {
    await using world = await openCliWorld([moshi.repository]);
    await writeFile(world.catalogFile, JSON.stringify(moshi.catalog));
    const made = await world.run(['download', 'moshi', '--make', 'q4', '--json']);
    expect(made.code).toBe(0);
    const last = made.json().at(-1);
    expect(last).toMatchObject({ event: 'done', pinned: null });
    const path = await world.run(['path', 'moshi', '--variant', 'q4']);
    expect(path.stdout.trim()).toBe(last?.path);
    const listed = await world.run(['list', '--json']);
    expect(JSON.stringify(listed.json()[0])).toContain('"madeHere":true');
    const verify = ['verify', 'moshi', '--variant', 'q4'];
    expect((await world.run([...verify, '--against-source', '--json'])).json()[0]).toMatchObject({
      ok: true,
    });
    await writeFile(join(String(last?.path), 'tokenizer_spm_32k_3.model'), 'changed');
    const damaged = await world.run([...verify, '--json']);
    expect([damaged.code, damaged.json()[0]?.ok]).toEqual([5, false]);
    expect((await world.run(['remove', 'moshi', '--variant', 'q4'])).code).toBe(0);
    expect(await stat(String(last?.path)).catch(() => null)).toBeNull();
  }, 90_000);

  it('reports with its exit code that the source is not installed', async () => {
    await using world = await openCliWorld([moshi.repository]);
    await writeFile(world.catalogFile, JSON.stringify(moshi.catalog));
    const { code, stderr } = await world.run(['quantize', 'moshi', '--variant', 'q4']);
    expect(code).toBe(4);
    expect(stderr).toContain('Download it first');
  });
});
