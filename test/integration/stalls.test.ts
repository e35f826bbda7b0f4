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

/** Waits for the end of a silence of 30 s; returns how long it was and what was told about it. */
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
    reasons: ofKind(events, 'progress').flatMap(({ reason }) => reason ?? []),
    starts: contentRequests(world.hub).map(({ range }) => range!.start),
    servedBytes: servedBytes(world.hub),
  };
}

// These tests wait for the same half minute.
describe.concurrent('a server that falls silent', { timeout: 60_000 }, () => {
  it.each([
    ['before it answers', stallBeforeHeaders()],
    ['after its headers', stallAfterHeaders()],
  ])('%s is given up after 30 s and asked again', async (_, actions) => {
    const { silentSeconds, retries } = await outlast({ ...ON_CDN, ...actions });
    expect(silentSeconds).toBeGreaterThan(29);
    expect(silentSeconds).toBeLessThan(34);
    expect(retries).toMatchObject([{ code: 'Stalled', chunk: 1 }]);
  });

  it('in the middle of a body is given up after 30 s, and it goes on after the last byte', async () => {
    const heard = await outlast({ ...ON_CDN, ...stallAfterBytes(200_000) });
    expect(heard.silentSeconds).toBeLessThan(34);
    expect(heard.retries).toMatchObject([{ code: 'Stalled', chunk: 1, delayMs: 0 }]);
    expect(heard.starts).toEqual([0, MIB, MIB + 200_000, 2 * MIB]);
    expect(heard.servedBytes).toBe(2 * MIB + 9);
  });

  it('is told as silence while it lasts', async () => {
    const { reasons } = await outlast({ ...ON_CDN, ...stallAfterBytes(200_000) });
    expect(reasons).toContain('No data for 10 s');
  });

  it('while it lists files is given up after 30 s and asked again', async () => {
    const { retries } = await outlast({ match: { path: /^\/api\/models\// }, ...stallBeforeHeaders() });
    expect(retries).toMatchObject([{ code: 'Timeout' }]);
  });
});
