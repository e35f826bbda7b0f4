import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { forbidden, stallAfterBytes } from '../hub/faults/constructors.ts';
import { MIB, ofKind, openWorld, type TestEngine } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { expectRightFiles, partialOf, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const SIZE = 8 * MIB + 99;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
/** About two seconds for the file. */
const SLOW = { conditions: { totalBytesPerSecond: 4_000_000 } };
/** What the sockets between Hub and engine may hold for each stream when it is ended. */
const IN_SOCKETS = MIB;

async function halfWay(engine: TestEngine, workers = 2): Promise<string> {
  const id = await engine.add({ reference, workers });
  await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 2 * MIB);
  return id;
}

describe('a computer that falls asleep', () => {
  it('drops all connections, keeps what had arrived, and resumes after waking', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const engine = await world.open();
    const id = await halfWay(engine);
    await engine.call('downloads.suspend', {});
    const { receivedBytes } = await engine.view(id);
    await vi.waitUntil(() => world.hub.requests.every(({ endedAt }) => endedAt !== null), {
      timeout: 20_000,
    });
    const asked = world.hub.requests.length;
    expect((await engine.view(id)).receivedBytes).toBe(receivedBytes);
    await engine.call('downloads.retryNow', {});
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(done!.stats).toMatchObject({ downloadedBytes: SIZE, rescuedBytes: 0, wastedBytes: 0 });
    expect(world.hub.requests.length).toBeGreaterThan(asked);
  });
});

describe('a paused download', () => {
  it('rests: no stream is open and nothing more arrives', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const engine = await world.open();
    const id = await halfWay(engine);
    await engine.call('downloads.pause', { id });
    expect(await engine.view(id)).toMatchObject({ state: 'paused', streams: 0, bytesPerSecond: 0 });
    await world.hub.waitForRequest(({ aborted }) => aborted);
    expect(world.hub.requests.filter(({ endedAt }) => endedAt === null)).toEqual([]);
  });

  it('continues where it was: every byte is counted once', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const engine = await world.open();
    const id = await halfWay(engine);
    await engine.call('downloads.pause', { id });
    const { receivedBytes } = await engine.view(id);
    await engine.call('downloads.resume', { id });
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(receivedBytes).toBeGreaterThan(2 * MIB);
    expect(done!.stats).toMatchObject({ downloadedBytes: SIZE, rescuedBytes: 0, wastedBytes: 0 });
    expect(servedBytes(world.hub)).toBeLessThan(SIZE + 2 * IN_SOCKETS);
  });

  it('stays paused over a restart, and knows how far it was', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const first = await world.open();
    const id = await halfWay(first);
    await first.call('downloads.pause', { id });
    const before = await first.view(id);
    await first.close();
    const second = await world.open({ autoStart: true });
    const { state, receivedBytes, chunksDone } = await second.view(id);
    expect([state, receivedBytes, chunksDone]).toEqual(['paused', before.receivedBytes, before.chunksDone]);
  });

  it('before its files are known continues from the start', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { latencyMs: 300 } });
    const engine = await world.open();
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ state }) => state === 'resolving');
    await engine.call('downloads.pause', { id });
    expect((await engine.view(id)).state).toBe('paused');
    await engine.call('downloads.resume', { id });
    await expectRightFiles((await engine.ended(id)).done!.snapshot, REPOSITORY.files!);
  });

  it('again and again arrives all the same', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 4 });
    for (const bytes of [0.5, 1.5, 3, 5, 7].map((each) => each * MIB)) {
      await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > bytes);
      await engine.call('downloads.pause', { id });
      await engine.call('downloads.resume', { id });
    }
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(done!.stats.wastedBytes).toBe(0);
  });
});

describe('an engine that is closed half way', () => {
  it('resumes by itself when it is opened again', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 4);
    const since = world.hub.requests.length;
    const { done } = await (await world.open({ autoStart: true })).ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(SIZE - 4 * MIB - HALF_CHUNK);
  });

  it('counts what the runs before did', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 4);
    const { done } = await (await world.open({ autoStart: true })).ended(id);
    expect(done!.stats).toMatchObject({ downloadedBytes: SIZE, rescuedBytes: 0, wastedBytes: 0, retries: 0 });
  });

  it('waits for a command when it is not to start by itself', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 4);
    const since = world.hub.requests.length;
    const engine = await world.open();
    await engine.waitFor('progress', () => true, { timeoutMs: 700 }).catch(() => {});
    expect(world.hub.requests.length).toBe(since);
    await engine.call('downloads.resume', { id });
    await expectRightFiles((await engine.ended(id)).done!.snapshot, REPOSITORY.files!);
  });

  it('closes in a moment, whatever is running', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    world.hub.faults.add({ match: { origin: 'cdn', rangeStart: MIB }, ...stallAfterBytes(1000) });
    const engine = await world.open();
    await halfWay(engine, 4);
    const startedMs = performance.now();
    await engine.close();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('may be closed twice, and answers no more', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    await Promise.all([engine.close(), engine.close()]);
    await expect(engine.add({ reference })).rejects.toBeInstanceOf(Error);
  });
});

describe('a cancelled download', () => {
  it('leaves nothing behind', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const engine = await world.open();
    const id = await halfWay(engine);
    await engine.call('downloads.cancel', { id });
    expect(existsSync(await partialOf(world, REPOSITORY))).toBe(false);
    expect((await engine.call('snapshot', {})).downloads).toEqual([]);
    expect(ofKind(engine.events, 'listed').length).toBe(2);
  });

  it('keeps its partial on request, and the next one continues with it', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const engine = await world.open();
    const id = await halfWay(engine);
    await engine.call('downloads.cancel', { id, keepPartial: true });
    expect(existsSync(await partialOf(world, REPOSITORY))).toBe(true);
    const again = await engine.download({ reference });
    expect(again.id).not.toBe(id);
    await expectRightFiles(again.done.snapshot, REPOSITORY.files!);
    const { downloadedBytes, rescuedBytes, wastedBytes } = again.done.stats;
    expect(rescuedBytes).toBeGreaterThan(2 * MIB);
    expect(downloadedBytes + rescuedBytes - wastedBytes).toBe(SIZE);
    expect(servedBytes(world.hub)).toBeLessThan(SIZE + 2 * IN_SOCKETS);
  });

  it('while it waits for the network goes at once', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ endpoint: 'http://hub.invalid' });
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    await engine.call('downloads.cancel', { id });
    expect((await engine.call('snapshot', {})).downloads).toEqual([]);
  });

  it('that was ready leaves its files: only the download is forgotten', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { id, done } = await engine.download({ reference });
    await engine.call('downloads.cancel', { id });
    expect((await engine.call('snapshot', {})).downloads).toEqual([]);
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });

  it('that does not exist is reported as such', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    await expect(engine.call('downloads.cancel', { id: 'nothing' })).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});

describe('a download that is added twice', () => {
  it('is one download', async () => {
    await using world = await openWorld([REPOSITORY], SLOW);
    const engine = await world.open();
    const id = await halfWay(engine);
    expect(await engine.add({ reference })).toBe(id);
    await engine.ended(id);
    expect(servedBytes(world.hub)).toBe(SIZE);
  });
});

describe('a download that failed', () => {
  it('is still failed after a restart, with its reason, and can be resumed', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { origin: 'cdn' }, times: 3, ...forbidden('Come back later') });
    const first = await world.open();
    const { id } = await first.run({ reference, workers: 1 });
    await first.close();
    const second = await world.open({ autoStart: true });
    const view = await second.view(id);
    expect(view).toMatchObject({ state: 'failed', error: { code: 'ServerError' } });
    expect(view.reason).toContain('Come back later');
    await second.call('downloads.resume', { id });
    await expectRightFiles((await second.ended(id)).done!.snapshot, REPOSITORY.files!);
  });
});

describe('an unfinished download that is added again with another chunk size', () => {
  it('continues with the chunks it has', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 4);
    const since = world.hub.requests.length;
    const engine = await world.open();
    const { done, events } = await engine.download({ reference, chunkSizeBytes: 3 * MIB });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(SIZE - 4 * MIB - HALF_CHUNK);
    const { chunksTotal, chunksDone } = ofKind(events, 'progress').at(-1)!;
    expect(chunksDone).toBe(chunksTotal);
    expect(ofKind(events, 'resolved')[0]!.files[0]!.chunks).toBe(chunksTotal);
  });
});
