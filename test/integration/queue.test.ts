import { describe, expect, it } from 'vitest';
import type { DownloadView } from '../../src/shared/model/download.ts';
import { serverError, stallBeforeHeaders } from '../hub/faults/constructors.ts';
import { MIB, ofKind, openWorld, type TestEngine } from './harness.ts';
import { expectRightFiles, flipByte } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const NAMES = ['org/a', 'org/b', 'org/c'];
const REPOSITORIES = NAMES.map((id) => oneFile(3 * MIB, id));
const SLOW = { conditions: { totalBytesPerSecond: 5_000_000 } };

async function addAll(engine: TestEngine): Promise<string[]> {
  const ids: string[] = [];
  for (const reference of NAMES) ids.push(await engine.add({ reference }));
  return ids;
}

/** The downloads in the order in which they became ready. */
async function orderOfEnds(engine: TestEngine, ids: readonly string[]): Promise<string[]> {
  for (const id of ids) await engine.ended(id);
  return ofKind(engine.events, 'done').map(({ download }) => download);
}

const states = async (engine: TestEngine) =>
  (await engine.call('snapshot', {})).downloads.map(({ state }) => state);

/** An hour of the day that begins so many hours from now. */
function hoursFrom(hours: number) {
  const minute = (new Date().getHours() + hours) * 60;
  return { fromMinute: minute % 1440, toMinute: (minute + 60) % 1440 };
}

describe('the queue', () => {
  it('with one at once runs them in order', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const ids = await addAll(engine);
    expect((await states(engine)).slice(1)).toEqual(['queued', 'queued']);
    expect(await orderOfEnds(engine, ids)).toEqual(ids);
  });

  it('runs two at once unless told otherwise', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    const ids = await addAll(engine);
    expect((await states(engine)).map((state) => state === 'queued')).toEqual([false, false, true]);
    await orderOfEnds(engine, ids);
  });

  it('runs one that was moved forward before the others', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const [a, b, c] = (await addAll(engine)) as [string, string, string];
    await engine.call('downloads.move', { id: c, position: 1 });
    expect((await engine.call('snapshot', {})).downloads.map(({ id }) => id)).toEqual([a, c, b]);
    expect(await orderOfEnds(engine, [a, b, c])).toEqual([a, c, b]);
  });

  it('starts one at once that the user wants now, beside as many as may run', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const [a, b, c] = (await addAll(engine)) as [string, string, string];
    await engine.call('downloads.startNow', { id: c });
    expect((await states(engine)).map((state) => state === 'queued')).toEqual([false, true, false]);
    expect((await orderOfEnds(engine, [a, b, c])).at(-1)).toBe(b);
  });

  it('runs nothing at other hours than those that were set, says when, and goes on at once when they are changed', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    const [a, b, c] = (await addAll(engine)) as [string, string, string];
    await engine.call('settings.set', { schedule: hoursFrom(2) });
    const waits = async () => (await engine.call('snapshot', {})).downloads.map(({ wait }) => wait?.reason);
    await expect.poll(waits).toEqual(['schedule', 'schedule', 'schedule']);
    const [{ wait, waitReason }] = (await engine.call('snapshot', {})).downloads as [DownloadView];
    expect(waitReason).toBe('schedule');
    expect(Date.parse(wait!.retryAt!)).toBeGreaterThan(Date.now());
    await engine.call('downloads.startNow', { id: b });
    await engine.ended(b);
    expect(await waits()).toEqual(['schedule', undefined, 'schedule']);
    await engine.call('settings.set', { schedule: null });
    expect(await orderOfEnds(engine, [a, b, c])).toContain(c);
  });

  it('waits for its hours also after a restart, and may be paused meanwhile', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const before = await world.open();
    await before.call('settings.set', { schedule: hoursFrom(2) });
    const id = await before.add({ reference: NAMES[0]! });
    await before.close();
    const engine = await world.open({ autoStart: true });
    const wait = async () => (await engine.call('snapshot', {})).downloads[0]?.wait?.reason;
    await expect.poll(wait).toBe('schedule');
    await engine.call('downloads.pause', { id });
    expect(await states(engine)).toEqual(['paused']);
  });

  it('knows the sizes of those that wait', async () => {
    await using world = await openWorld(REPOSITORIES, { conditions: { totalBytesPerSecond: 200_000 } });
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const ids = await addAll(engine);
    await expect
      .poll(async () => (await engine.call('snapshot', {})).downloads.map(({ totalBytes }) => totalBytes))
      .toEqual([3 * MIB, 3 * MIB, 3 * MIB]);
    expect((await states(engine)).slice(1)).toEqual(['queued', 'queued']);
    world.hub.conditions.set({ totalBytesPerSecond: null });
    await orderOfEnds(engine, ids);
    // What was found out is not asked again when its turn comes.
    const asked = world.hub.requests.filter(({ path }) => path.startsWith('/api/models/'));
    expect(asked.map(({ repo }) => repo).toSorted()).toEqual(NAMES);
  });

  it('forgets one that is canceled while its files are asked for', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const first = await engine.add({ reference: 'org/a' });
    await engine.waitFor('resolved', ({ download }) => download === first);
    world.hub.faults.add({ match: { repo: 'org/b' }, ...stallBeforeHeaders(500) });
    const second = await engine.add({ reference: 'org/b' });
    await world.hub.waitForRequest((request) => request.repo === 'org/b');
    await engine.call('downloads.cancel', { id: second });
    const third = await engine.add({ reference: 'org/c' });
    await orderOfEnds(engine, [first, third]);
    expect((await engine.call('snapshot', {})).downloads.map(({ id }) => id)).toEqual([first, third]);
  });

  it('never says “queued” of one that goes on at once', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/a' });
    await engine.waitFor('resolved');
    await engine.call('downloads.pause', { id });
    const from = engine.events.length;
    await engine.call('downloads.resume', { id });
    await engine.ended(id);
    const told = ofKind(engine.events.slice(from), 'progress').map(({ state }) => state);
    expect(told).not.toContain('queued');
  });

  it('keeps its order over a restart', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const first = await world.open();
    await first.call('settings.set', { atOnce: 1 });
    const [a, b, c] = (await addAll(first)) as [string, string, string];
    await first.call('downloads.move', { id: c, position: 1 });
    await first.close();
    const second = await world.open({ autoStart: true });
    expect(await orderOfEnds(second, [a, b, c])).toEqual([a, c, b]);
  });

  it('gives the place of one that is paused to the next', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const [a, b] = (await addAll(engine)) as [string, string, string];
    await engine.call('downloads.pause', { id: a });
    expect((await engine.ended(b)).done).not.toBeNull();
    expect((await engine.view(a)).state).toBe('paused');
  });

  it('passes over one that was paused while it waited, until it is resumed', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const [a, b, c] = (await addAll(engine)) as [string, string, string];
    await engine.call('downloads.pause', { id: b });
    expect(await orderOfEnds(engine, [a, c])).toEqual([a, c]);
    await engine.call('downloads.resume', { id: b });
    expect((await engine.ended(b)).done).not.toBeNull();
  });

  it('lets a repair wait for its turn', async () => {
    await using world = await openWorld(REPOSITORIES);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const { done } = await engine.download({ reference: 'org/a' });
    await flipByte(done.files[0]!.blob, MIB);
    world.hub.conditions.set({ totalBytesPerSecond: 3_000_000 });
    const busy = await engine.add({ reference: 'org/b' });
    const report = await engine.call('library.verify', { reference: 'org/a', repair: true });
    expect(report.ok).toBe(true);
    await expectRightFiles(done.snapshot, REPOSITORIES[0]!.files!);
    expect((await engine.view(busy)).state).toBe('ready');
  });

  it('goes on after one that failed', async () => {
    await using world = await openWorld(REPOSITORIES);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const missing = await engine.add({ reference: 'org/missing' });
    const id = await engine.add({ reference: 'org/a' });
    expect((await engine.ended(id)).done).not.toBeNull();
    expect((await engine.ended(missing)).failed?.code).toBe('NotFound');
  });

  it('starts more when more may run at once', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 1 });
    const [, b] = (await addAll(engine)) as [string, string, string];
    await engine.call('settings.set', { atOnce: 3 });
    await engine.waitFor('progress', ({ download, state }) => download === b && state === 'resolving', {
      timeoutMs: 1000,
    });
  });
});

describe('all downloads', () => {
  it('pause together and go on together', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const engine = await world.open();
    const ids = await addAll(engine);
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > MIB);
    await engine.call('downloads.pauseAll', {});
    expect(new Set(await states(engine))).toEqual(new Set(['paused']));
    await engine.call('downloads.resumeAll', {});
    await orderOfEnds(engine, ids);
    for (const [index, id] of ids.entries()) {
      await expectRightFiles((await engine.view(id)).snapshot!, REPOSITORIES[index]!.files!);
    }
  });

  it('leave a wait at once when asked to try now', async () => {
    await using world = await openWorld(REPOSITORIES);
    const slowDown = serverError(503, { 'retry-after': '600' });
    world.hub.faults.add({ match: { origin: 'cdn' }, ...slowDown });
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/a', workers: 1 });
    const { retryAt } = await engine.waitFor('progress', ({ state }) => state === 'waiting');
    expect(Date.parse(retryAt!) - Date.now()).toBeGreaterThan(500_000);
    await engine.call('downloads.retryNow', { id });
    expect((await engine.ended(id, { timeoutMs: 5000 })).done).not.toBeNull();
  });

  it('keep the time that a server asked for when the network changes, or another one is resumed', async () => {
    await using world = await openWorld(REPOSITORIES, SLOW);
    const slowDown = serverError(503, { 'retry-after': '600' });
    world.hub.faults.add({ match: { origin: 'cdn', path: /./ }, times: 1, ...slowDown });
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/a', workers: 1 });
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    const before = (await engine.view(id)).retryAt;
    await engine.call('downloads.retryNow', {});
    expect((await engine.view(id)).retryAt).toBe(before);
  });

  it('leave a wait for the list of files at once as well', async () => {
    await using world = await openWorld(REPOSITORIES);
    const slowDown = serverError(503, { 'retry-after': '600' });
    world.hub.faults.add({ match: { path: /^\/api\/models\// }, ...slowDown });
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/a' });
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    await engine.call('downloads.resume', { id });
    expect((await engine.ended(id, { timeoutMs: 5000 })).done).not.toBeNull();
  });
});
