import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorOf, MIB, openWorld } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { expectRightFiles } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const REPOSITORY = oneFile(5 * MIB);
const reference = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 3_000_000 } };

describe('a second engine on one data folder', () => {
  it('gets the owner’s name', async () => {
    await using world = await openWorld([REPOSITORY]);
    await world.open({ program: 'the first program' });
    const error = await errorOf(world.open());
    expect(error).toMatchObject({ code: 'LedgerBusy', retryable: true });
    expect(error.message).toContain('the first program');
    expect(error.message).toContain(String(process.pid));
  });

  it('does not disturb the downloads of the first', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const first = await world.open();
    const id = await first.add({ reference });
    await errorOf(world.open());
    await expectRightFiles((await first.ended(id)).done!.snapshot, REPOSITORY.files!);
  });

  it('gets it when the first has ended', async () => {
    await using world = await openWorld([REPOSITORY]);
    const first = await world.open();
    await first.close();
    const { done } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });

  it('gets it when the first ends while it waits', async () => {
    await using world = await openWorld([REPOSITORY]);
    const first = await world.open();
    const second = world.open();
    await first.close();
    expect((await (await second).call('snapshot', {})).downloads).toEqual([]);
  });
});

describe('an engine that only reads', () => {
  it('sees how far the owner is', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 600_000 } });
    const owner = await world.open({ program: 'the owner' });
    const id = await owner.add({ reference, workers: 1 });
    await owner.waitFor('progress', ({ chunksDone }) => chunksDone >= 1);
    const reader = await world.open({ access: 'reader' });
    const view = await reader.view(id);
    expect(view).toMatchObject({ state: 'downloading', totalBytes: 5 * MIB });
    expect(view.chunksDone).toBeGreaterThanOrEqual(1);
    expect(view.reason).toContain('the owner');
    world.hub.conditions.set({ totalBytesPerSecond: null });
    await owner.ended(id);
  });

  it('sees after an interrupted run what is safe, and reports how to continue', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 3);
    const view = await (await world.open({ access: 'reader' })).view(id);
    expect(view).toMatchObject({
      state: 'downloading',
      receivedBytes: 3 * MIB + HALF_CHUNK,
      verifiedBytes: 3 * MIB,
      chunksDone: 3,
      chunksTotal: 5,
      bytesPerSecond: 0,
      streams: 0,
    });
    expect(view).toMatchObject({ id, reason: 'Interrupted.', isInterrupted: true });
  });

  it('refuses what would change something, and names the owner', async () => {
    await using world = await openWorld([REPOSITORY]);
    await world.open({ program: 'the owner' });
    const reader = await world.open({ access: 'reader' });
    const error = await errorOf(reader.add({ reference }));
    expect(error).toMatchObject({ code: 'LedgerBusy' });
    expect(error.message).toContain('the owner');
  });

  it('works where nothing was ever downloaded, and makes nothing', async () => {
    await using world = await openWorld([REPOSITORY]);
    const reader = await world.open({ access: 'reader' });
    expect((await reader.call('snapshot', {})).downloads).toEqual([]);
    expect((await reader.call('library.list', {})).models).toEqual([]);
    expect([existsSync(world.dataDir), existsSync(world.cacheDir)]).toEqual([false, false]);
  });

  it('plans, lists, verifies and finds paths alongside an owner', async () => {
    await using world = await openWorld([REPOSITORY]);
    const owner = await world.open();
    const { done } = await owner.download({ reference });
    const reader = await world.open({ access: 'reader' });
    expect((await reader.call('downloads.plan', { reference })).presentBytes).toBe(5 * MIB);
    expect((await reader.call('library.list', {})).models.length).toBe(1);
    expect((await reader.call('library.verify', { reference })).ok).toBe(true);
    expect((await reader.call('library.path', { reference })).path).toBe(done.snapshot);
  });
});
