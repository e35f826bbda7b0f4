import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { blobsFolder } from '../../src/engine/cache/layout.ts';
import { cutAfterBytes, flipBytes, stallBeforeHeaders } from '../hub/faults/constructors.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { expectRightFiles, servedBytes } from './on-disk.ts';
import { oneFile, text, WEIGHTS } from './repositories.ts';

const SIZE = 6 * MIB + 1000;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
const CDN = { origin: 'cdn' } as const;

describe('a byte that was damaged on its way', () => {
  it('is found, its chunk is fetched again, and the file is right', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { ...CDN, covers: 2 * MIB + 5 }, ...flipBytes(2 * MIB + 5) });
    const { done, events } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'repaired')).toMatchObject([{ path: WEIGHTS, chunk: 2, bytes: MIB }]);
  });

  it('of three chunks, with nothing suspicious, costs at most one more fetch of the file', async () => {
    const three = oneFile(3 * MIB, 'org/three');
    for (const at of [5, MIB + 5, 3 * MIB - 1]) {
      await using world = await openWorld([three]);
      world.hub.faults.add({ match: { ...CDN, covers: at }, ...flipBytes(at) });
      const { done, events } = await (await world.open()).download({ reference: three.id });
      await expectRightFiles(done.snapshot, three.files!);
      expect(ofKind(events, 'repaired')).toMatchObject([{ chunk: Math.floor(at / MIB), bytes: MIB }]);
      expect(servedBytes(world.hub)).toBeLessThanOrEqual(2 * 3 * MIB);
      expect(await readdir(blobsFolder(world.cacheDir, three.id))).toHaveLength(1);
    }
  });

  it('in a chunk that is wrong only in its second copy is right in the end', async () => {
    await using world = await openWorld([REPOSITORY]);
    // Another chunk is bad, so that all are compared; this one is damaged when it is fetched again.
    world.hub.faults.add({ match: { ...CDN, covers: 5 * MIB + 1 }, ...flipBytes(5 * MIB + 1) });
    world.hub.faults.add({ match: { ...CDN, covers: MIB + 1, nth: 2 }, ...flipBytes(MIB + 1) });
    const { done } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });

  it('costs at most one more fetch of the file and one of the chunk', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { ...CDN, covers: 2 * MIB + 5 }, ...flipBytes(2 * MIB + 5) });
    const { done } = await (await world.open()).download({ reference });
    expect(servedBytes(world.hub)).toBeLessThanOrEqual(2 * SIZE + MIB);
    expect(done.stats.wastedBytes).toBe(done.stats.downloadedBytes - SIZE);
  });

  it('in a chunk from an interrupted connection costs that chunk only: it is checked first', async () => {
    await using world = await openWorld([REPOSITORY]);
    const match = { ...CDN, rangeStart: 3 * MIB };
    world.hub.faults.add({ match, ...cutAfterBytes(300_000), ...flipBytes(3 * MIB + 7) });
    const { done, events } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'repaired')).toMatchObject([{ chunk: 3 }]);
    expect(servedBytes(world.hub)).toBeLessThanOrEqual(SIZE + 2 * MIB);
  });

  it('in the first and in the last chunk is repaired in both', async () => {
    await using world = await openWorld([REPOSITORY]);
    for (const offset of [0, SIZE - 1]) {
      world.hub.faults.add({ match: { ...CDN, covers: offset }, ...flipBytes(offset) });
    }
    const { done, events } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    const repaired = ofKind(events, 'repaired').map(({ chunk, bytes }) => [chunk, bytes]);
    expect(repaired.sort()).toEqual([
      [0, MIB],
      [6, 1000],
    ]);
  });

  it('in a small git file is repaired as well', async () => {
    const files = [text('config.json', '{"a": 1}\n')];
    await using world = await openWorld([{ id: 'org/small', files }]);
    const match = { method: 'GET', path: /resolve-cache/ };
    world.hub.faults.add({ match, ...flipBytes(3) });
    const { done, events } = await (await world.open()).download({ reference: 'org/small' });
    await expectRightFiles(done.snapshot, files);
    expect(ofKind(events, 'repaired')).toMatchObject([{ path: 'config.json', chunk: 0, bytes: 9 }]);
  });

  it('never shows under its name before it was repaired', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { ...CDN, covers: 5 }, ...flipBytes(5) });
    world.hub.faults.add({ match: { ...CDN, covers: 5, nth: 2 }, ...stallBeforeHeaders(1500) });
    const engine = await world.open();
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ state }) => state === 'repairing');
    expect((await engine.call('library.list', {})).models).toEqual([]);
    expect((await engine.view(id)).files[0]!.installed).toBe(false);
    await expectRightFiles((await engine.ended(id)).done!.snapshot, REPOSITORY.files!);
  });

  it('is repaired by the next engine when this one was closed in the middle of it', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { ...CDN, covers: 5 * MIB }, ...flipBytes(5 * MIB) });
    // The first chunk that is fetched to compare does not come before the engine is closed.
    world.hub.faults.add({ match: { ...CDN, covers: 0, nth: 2 }, ...stallBeforeHeaders() });
    const first = await world.open();
    await first.add({ reference, workers: 1 });
    await first.waitFor('progress', ({ state }) => state === 'repairing');
    await first.close();
    const { done, events } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'repaired')).toMatchObject([{ chunk: 5 }]);
  });
});

describe('a comparison that is stopped', () => {
  /** Three chunks are compared; the fourth does not come. */
  async function stopped() {
    const world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { ...CDN, covers: 5 * MIB }, ...flipBytes(5 * MIB) });
    world.hub.faults.add({ match: { ...CDN, covers: 3 * MIB, nth: 2 }, ...stallBeforeHeaders() });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await world.hub.waitForRequest(() => servedBytes(world.hub) >= SIZE + 3 * MIB);
    return { world, engine, id };
  }

  it('continues where it was, even after a quit', async () => {
    const { world, engine } = await stopped();
    await using _ = world;
    await engine.close();
    expect(await readdir(blobsFolder(world.cacheDir, reference))).toHaveLength(2);
    const { done } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub)).toBeLessThanOrEqual(2 * SIZE);
    expect(await readdir(blobsFolder(world.cacheDir, reference))).toHaveLength(1);
  });

  it('leaves nothing behind when the download is canceled', async () => {
    const { world, engine, id } = await stopped();
    await using _ = world;
    await engine.call('downloads.cancel', { id });
    expect(await readdir(blobsFolder(world.cacheDir, reference))).toEqual([]);
  });
});

describe('a chunk that is never the same twice', () => {
  it('ends the download with a reason, and keeps what is there', async () => {
    await using world = await openWorld([REPOSITORY]);
    for (let nth = 1; nth < 12; nth += 1) {
      world.hub.faults.add({ match: { ...CDN, covers: MIB + 1, nth }, ...flipBytes(MIB + nth) });
    }
    const engine = await world.open();
    const { failed } = await engine.run({ reference });
    expect(failed).toMatchObject({ code: 'HashMismatch', retryable: false });
    expect(failed!.message).toContain('different each time');
    expect((await engine.call('library.list', {})).partials.length).toBe(1);
  });

  it('can be retried on a better network, without fetching the rest', async () => {
    await using world = await openWorld([REPOSITORY]);
    for (let nth = 1; nth < 12; nth += 1) {
      world.hub.faults.add({ match: { ...CDN, covers: MIB + 1, nth }, ...flipBytes(MIB + nth) });
    }
    const engine = await world.open();
    const { id } = await engine.run({ reference });
    world.hub.faults.clear();
    const since = engine.mark();
    const requests = world.hub.requests.length;
    await engine.call('downloads.resume', { id });
    await expectRightFiles((await engine.ended(id, { since })).done!.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, requests)).toBeLessThanOrEqual(2 * MIB);
  });
});
