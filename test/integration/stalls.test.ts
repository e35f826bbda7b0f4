import { describe, expect, it } from 'vitest';
import { stallAfterBytes, stallAfterHeaders, stallBeforeHeaders } from '../hub/faults/constructors.ts';
import type { Fault } from '../hub/faults/fault.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { contentRequests, expectRightFiles, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const REPOSITORY = oneFile(2 * MIB + 9);
const reference = REPOSITORY.id;
const PATIENCE = { timeoutMs: 50_000 };
const ON_CDN = { match: { origin: 'cdn', rangeStart: MIB } } as const;

/** Waits for the end of a silence of 30 s; returns how long it was and what was reported about it. */
async function outlast(fault: Fault) {
  await using world = await openWorld([REPOSITORY]);
  world.hub.faults.add(fault);
  const engine = await world.open();
  const { done, events } = await engine.download({ reference, workers: 1 }, PATIENCE);
  await expectRightFiles(done.snapshot, REPOSITORY.files!);
  const silent = world.hub.requests.find(({ aborted }) => aborted)!;
  return {
    silentSeconds: (silent.endedAt! - silent.time) / 1000,
    retries: ofKind(events, 'retry'),
    starts: contentRequests(world.hub).map(({ range }) => range!.start),
    servedBytes: servedBytes(world.hub),
  };
}

// All tests of this file wait for the same half minute.
describe.concurrent('a server that falls silent', { timeout: 60_000 }, () => {
  it('for seconds is reported as silent, and not given up', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ ...ON_CDN, ...stallAfterBytes(200_000, 6000) });
    const { done, events } = await (await world.open()).download({ reference, workers: 1 });
    expect(ofKind(events, 'progress').map(({ reason }) => reason)).toContain('No data for 4 s');
    expect(done.stats.retries).toBe(0);
  });

  it.each([
    ['before it answers', stallBeforeHeaders()],
    ['after its headers', stallAfterHeaders()],
  ])('%s is given up after 30 s and asked again', async (_, actions) => {
    const { silentSeconds, retries } = await outlast({ ...ON_CDN, ...actions });
    expect(silentSeconds).toBeGreaterThan(29);
    expect(silentSeconds).toBeLessThan(34);
    expect(retries).toMatchObject([{ code: 'Stalled', chunk: 1 }]);
  });

  it('in the middle of a body is given up after 30 s, and resumes after the last byte', async () => {
    const heard = await outlast({ ...ON_CDN, ...stallAfterBytes(200_000) });
    expect(heard.silentSeconds).toBeLessThan(34);
    expect(heard.retries).toMatchObject([{ code: 'Stalled', chunk: 1, delayMs: 0 }]);
    expect(heard.starts).toEqual([0, MIB, MIB + 200_000, 2 * MIB]);
    expect(heard.servedBytes).toBe(2 * MIB + 9);
  });

  it('while it lists files is given up after 30 s and retried', async () => {
    const { retries } = await outlast({ match: { path: /^\/api\/models\// }, ...stallBeforeHeaders() });
    expect(retries).toMatchObject([{ code: 'Timeout' }]);
  });
});

describe.concurrent('a signed URL that is about to expire', { timeout: 60_000 }, () => {
  it('is renewed before it is refused', async () => {
    const repository = oneFile(4 * MIB);
    const conditions = { totalBytesPerSecond: 220_000 };
    await using world = await openWorld([repository], { conditions, urlLifetimeSeconds: 13 });
    const { done } = await (await world.open()).download({ reference, workers: 1 }, PATIENCE);
    await expectRightFiles(done.snapshot, repository.files!);
    expect(new Set(contentRequests(world.hub).map(({ status }) => status))).toEqual(new Set([206]));
    expect(done.stats.retries).toBe(0);
  });
});
