import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIB, ofKind, openWorld, type TestEngine, type World } from './harness.ts';
import { interrupt } from './interrupt.ts';
import { contentRequests, expectRightFiles, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';
import { canMount, mountVolume, type Volume } from './volume.ts';

const SIZE = 8 * MIB + 99;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 3_000_000 } };

/** Fills a volume when `chunks` are done, while hardly anything arrives: the download cannot be over before it is full. */
async function fillAfter(chunks: number, { hub }: World, engine: TestEngine, volume: Volume) {
  await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes >= (chunks + 1) * MIB);
  hub.conditions.set({ totalBytesPerSecond: 100_000 });
  await engine.waitFor('progress', ({ chunksDone }) => chunksDone >= chunks);
  await volume.fill();
  hub.conditions.set(SLOW.conditions);
}

// Where this process may not mount, these are skipped: there is no other way to a volume that is really full.
describe.skipIf(!canMount())('a full disk', () => {
  it('in the middle of a download is waited for; nothing is lost, and it goes on by itself', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
    const engine = await world.open({ cacheDir: join(volume.path, 'cache') });
    const id = await engine.add({ reference, workers: 1 });
    await fillAfter(2, world, engine, volume);
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    const waiting = await engine.view(id);
    expect(waiting).toMatchObject({ state: 'waiting', waitReason: 'disk', error: null });
    expect(waiting.reason).toMatch(/Not enough space/);
    expect(waiting.receivedBytes).toBeGreaterThanOrEqual(2 * MIB);
    await volume.free();
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub)).toBeLessThan(SIZE + 3 * MIB);
    await engine.close();
  });

  it('is still reported as the reason seconds later, and nothing is requested from the server in the meantime', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
    const engine = await world.open({ cacheDir: join(volume.path, 'cache') });
    const id = await engine.add({ reference, workers: 1 });
    await fillAfter(1, world, engine, volume);
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    const requests = world.hub.requests.length;
    const since = engine.mark() + 4;
    await engine.waitFor('progress', () => true, { since });
    expect((await engine.view(id)).waitReason).toBe('disk');
    expect(world.hub.requests.length).toBe(requests);
    await engine.close();
  });

  it('that holds each of two downloads but not both lets the second wait before it writes', async () => {
    const repositories = ['org/a', 'org/b'].map((id) => oneFile(SIZE, id));
    await using world = await openWorld(repositories, SLOW);
    using volume = mountVolume(join(world.root, 'volume'), Math.round(1.7 * SIZE));
    const engine = await world.open({ cacheDir: join(volume.path, 'cache') });
    const ids = [await engine.add({ reference: 'org/a' }), await engine.add({ reference: 'org/b' })];
    const waiting = await engine.waitFor('progress', ({ state }) => state === 'waiting');
    const runs = ids.find((id) => id !== waiting.download);
    expect((await engine.ended(runs!)).done).not.toBeNull();
    expect((await engine.view(waiting.download)).receivedBytes).toBe(0);
    await engine.close();
  });

  it('under the ledger is waited for without fetching anything', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    using volume = mountVolume(world.dataDir, 16 * MIB);
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await fillAfter(2, world, engine, volume);
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    const requests = contentRequests(world.hub).length;
    const since = engine.mark();
    // Two looks at the disk.
    await engine.waitFor('progress', () => true, { since: since + 6, timeoutMs: 30_000 });
    expect(contentRequests(world.hub).length).toBe(requests);
    expect(ofKind(engine.events.slice(since), 'retry')).toEqual([]);
    await volume.free();
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(done!.stats.downloadedBytes - done!.stats.wastedBytes).toBeLessThanOrEqual(SIZE);
    await engine.close();
  });

  it('that can never hold the files is told at once, with both numbers, before anything is fetched', async () => {
    await using world = await openWorld([REPOSITORY]);
    using volume = mountVolume(join(world.root, 'volume'), 6 * MIB);
    const engine = await world.open({ cacheDir: join(volume.path, 'cache') });
    const { failed } = await engine.run({ reference });
    expect(failed).toMatchObject({ code: 'DiskFull', retryable: false, details: { volumeBytes: 6 * MIB } });
    expect(failed!.message).toMatch(/8\.4 MB still to download, and the whole disk .* has 6\.3 MB/);
    expect(contentRequests(world.hub)).toEqual([]);
    await engine.close();
  });

  it('lets a download be cancelled, which gives the room back', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
    const engine = await world.open({ cacheDir: join(volume.path, 'cache') });
    const id = await engine.add({ reference, workers: 1 });
    await fillAfter(1, world, engine, volume);
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    await engine.call('downloads.cancel', { id });
    expect((await engine.call('library.list', {})).partials).toEqual([]);
    await engine.close();
  });

  it('under the ledger does not keep an engine from starting and showing what is there', async () => {
    await using world = await openWorld([REPOSITORY]);
    using volume = mountVolume(join(world.root, 'data'), 8 * MIB);
    const id = await interrupt(world, REPOSITORY, 3);
    await volume.fill();
    const engine = await world.open();
    expect(await engine.view(id)).toMatchObject({ chunksDone: 3 });
    await engine.close();
  });

  it('under the ledger while a download runs is waited for, and it goes on', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    using volume = mountVolume(join(world.root, 'data'), 8 * MIB);
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await fillAfter(1, world, engine, volume);
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    await volume.free();
    await expectRightFiles((await engine.ended(id)).done!.snapshot, REPOSITORY.files!);
    await engine.close();
  });

  it('that can only be read stops a download with a reason', async () => {
    await using world = await openWorld([REPOSITORY]);
    using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
    volume.makeReadOnly();
    const engine = await world.open({ cacheDir: join(volume.path, 'cache') });
    const { failed } = await engine.run({ reference });
    expect(failed).toMatchObject({ code: 'DiskPermission', retryable: false });
    expect(failed!.message).toContain(volume.path);
    await engine.close();
  });
});

describe('a cache folder', () => {
  it.skipIf(process.getuid?.() === 0)('that may not be written stops a download with its name', async () => {
    await using world = await openWorld([REPOSITORY]);
    const locked = join(world.root, 'locked');
    await mkdir(locked, { mode: 0o555 });
    const { failed } = await (await world.open({ cacheDir: join(locked, 'cache') })).run({ reference });
    expect(failed).toMatchObject({ code: 'DiskPermission' });
    expect(failed!.message).toContain(locked);
  });

  it('that is a file stops a download with its name', async () => {
    await using world = await openWorld([REPOSITORY]);
    const cacheDir = join(world.root, 'not-a-folder');
    await writeFile(cacheDir, 'mine');
    const { failed } = await (await world.open({ cacheDir })).run({ reference });
    expect(['DiskPermission', 'PathUnsafe']).toContain(failed!.code);
    expect(failed!.message).toContain(cacheDir);
  });

  it.skipIf(process.platform !== 'linux')(
    'on a volume that is not connected is waited for and not made elsewhere',
    async () => {
      await using world = await openWorld([REPOSITORY]);
      const volume = `/media/haulyard-test-${process.pid}/volume`;
      const engine = await world.open({ cacheDir: `${volume}/cache` });
      const id = await engine.add({ reference });
      const { reason } = await engine.waitFor('progress', ({ state }) => state === 'waiting');
      expect(reason).toContain(volume);
      expect((await engine.view(id)).waitReason).toBe('volume');
      expect(ofKind(engine.events, 'failed')).toEqual([]);
      expect(existsSync(volume)).toBe(false);
    },
  );
});
