import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { cutAfterBytes, cutBeforeHeaders, dribble, shortBody } from '../hub/faults/constructors.ts';
import { startHub } from '../hub/hub.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { contentRequests, expectRightFiles, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const REPOSITORY = oneFile(4 * MIB + 77);
const reference = REPOSITORY.id;
const FOREVER = Number.POSITIVE_INFINITY;
const ON_CDN = { match: { origin: 'cdn' as const } };

describe('a connection that drops', () => {
  it.each([
    ['in an orderly way', false],
    ['with a reset', true],
  ])('after 300 kB every time %s still brings the file', async (_, reset) => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ ...ON_CDN, times: FOREVER, ...cutAfterBytes(300_000, { reset }) });
    const { done, events } = await (await world.open()).download({ reference, profile: 'very-weak' });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(new Set(ofKind(events, 'retry').map(({ code }) => code))).toEqual(new Set(['Offline']));
  });

  it('resumes inside the chunk, from the byte after the last one', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { origin: 'cdn', rangeStart: MIB }, ...cutAfterBytes(400_000) });
    const { done } = await (await world.open()).download({ reference, workers: 1 });
    expect(contentRequests(world.hub).map(({ range }) => range!.start)).toContain(MIB + 400_000);
    expect(servedBytes(world.hub)).toBe(4 * MIB + 77);
    expect(done.stats.wastedBytes).toBe(0);
  });

  it('resumes at once after the first drop, without a wait', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { origin: 'cdn', rangeStart: MIB }, ...cutAfterBytes(400_000) });
    const { events } = await (await world.open()).download({ reference, workers: 1 });
    expect(ofKind(events, 'retry')).toMatchObject([{ chunk: 1, attempt: 1, delayMs: 0 }]);
  });

  it('before any answer is tried again after a wait', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ ...ON_CDN, times: 2, ...cutBeforeHeaders() });
    const { done, events } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'retry').map(({ code, attempt }) => [code, attempt])).toEqual([
      ['Offline', 1],
      ['Offline', 2],
    ]);
  });

  it('while the files are requested from the Hub is retried', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { path: /^\/api\/models\// }, ...cutBeforeHeaders() });
    const { done } = await (await world.open()).download({ reference });
    expect(done.stats.retries).toBe(1);
  });

  it.each(['right', 'short'] as const)(
    'in the middle of a body with a length in %s keeps the good part',
    async (told) => {
      await using world = await openWorld([REPOSITORY]);
      world.hub.faults.add({ match: { origin: 'cdn', rangeStart: 0 }, ...shortBody(250_000, told) });
      const { done } = await (await world.open()).download({ reference, workers: 1 });
      await expectRightFiles(done.snapshot, REPOSITORY.files!);
      expect(servedBytes(world.hub)).toBe(4 * MIB + 77);
    },
  );

  it('at random, all the time, on all of ten connections still delivers the file', async () => {
    const repository = oneFile(12 * MIB);
    const drops = { everySeconds: 0.3, probability: 0.5 };
    await using world = await openWorld([repository], { conditions: { drops, bytesPerSecond: 600_000 } });
    const { done, events } = await (await world.open()).download({ reference, profile: 'fast' });
    await expectRightFiles(done.snapshot, repository.files!);
    expect(ofKind(events, 'retry').length).toBeGreaterThan(3);
    // Drops cost nothing. Only where the work of a slow stream is split may a few kilobytes be under way twice.
    expect(done.stats.wastedBytes).toBeLessThan(0.01 * 12 * MIB);
  });
});

describe('a connection that is far slower than the others', () => {
  it('is redialed and does not hold up the end', async () => {
    const repository = oneFile(24 * MIB);
    await using world = await openWorld([repository], { conditions: { bytesPerSecond: 700_000 } });
    const slow = world.hub.faults.add({ match: { origin: 'cdn', rangeStart: 0 }, ...dribble(4000) });
    const { done, events } = await (await world.open()).download({ reference, workers: 4 });
    await expectRightFiles(done.snapshot, repository.files!);
    expect(slow.fired).toBe(1);
    expect(ofKind(events, 'retry')).toMatchObject([{ code: 'Stalled', chunk: 0 }]);
    expect(done.stats.seconds).toBeLessThan(20);
  });
});

describe('the end of a file', () => {
  it('is shared by streams that have nothing else to do', async () => {
    const repository = oneFile(2 * MIB);
    await using world = await openWorld([repository], { conditions: { bytesPerSecond: 200_000 } });
    const { done } = await (await world.open()).download({ reference, workers: 4 });
    await expectRightFiles(done.snapshot, repository.files!);
    const starts = contentRequests(world.hub).map(({ range }) => range!.start);
    // Both are requested at once: which comes first is up to the network.
    expect(starts.slice(0, 2).sort()).toEqual([0, MIB]);
    expect(starts.slice(2).filter((start) => start % MIB !== 0).length).toBeGreaterThanOrEqual(2);
    expect(done.stats.retries).toBe(0);
    expect(done.stats.wastedBytes).toBeLessThan(MIB / 4);
  });
});

describe('a server that is not there', () => {
  it('is reported as waiting for the network, by name, and retried', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ endpoint: 'http://hub.invalid' });
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    const { waitReason, reason, retryAt } = await engine.view(id);
    expect(waitReason).toBe('network');
    expect(reason).toContain('hub.invalid');
    expect(Date.parse(retryAt!)).not.toBeNaN();
    await engine.waitFor('retry', ({ attempt, code }) => attempt === 2 && code === 'Offline');
  });

  it('and comes back lets the download begin by itself', async () => {
    await using world = await openWorld([]);
    const port = await freePort();
    const engine = await world.open({ endpoint: `http://127.0.0.1:${port}` });
    const id = await engine.add({ reference });
    await engine.waitFor('retry', ({ message }) => message.includes('refused the connection'));
    await using _late = await startHub({ repositories: [REPOSITORY], port });
    await engine.call('downloads.retryNow', {});
    await expectRightFiles((await engine.ended(id)).done!.snapshot, REPOSITORY.files!);
  });

  it('half way through lets the download go on where it was when it comes back', async () => {
    await using world = await openWorld([]);
    const port = await freePort();
    const conditions = { totalBytesPerSecond: 3_000_000 };
    const early = await startHub({ repositories: [REPOSITORY], port, conditions });
    const engine = await world.open({ endpoint: early.url });
    const id = await engine.add({ reference, workers: 2 });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > MIB);
    await early.close();
    await engine.waitFor('retry');
    await using late = await startHub({ repositories: [REPOSITORY], port });
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes(late)).toBeLessThan(3.1 * MIB + 77);
    expect(done!.stats.wastedBytes).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
