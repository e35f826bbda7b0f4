import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { ProgressEvent } from '../../src/shared/contract/events.ts';
import { MIB, openWorld, type TestEngine } from './harness.ts';
import { oneFile } from './repositories.ts';

const LINE = { conditions: { totalBytesPerSecond: 6_000_000 } };
const SIZE = 96 * MIB;
const LIMIT = 2_500_000;

const progressOf = (engine: TestEngine, id: string, since: number): readonly ProgressEvent[] =>
  engine.events
    .slice(since)
    .filter((event) => event.event === 'progress')
    .filter(({ download }) => download === id);

/** Milliseconds over which "what arrives" is meant: single reads come in lumps. */
const WINDOW_MS = 1500;
const LOOK_MS = 500;

/**
 * What is shown `afterMs` after now, as a share of what arrived until then. From the first byte on, where the speed is 0 at
 * first.
 */
async function shownShare(engine: TestEngine, id: string, afterMs = 2000): Promise<number> {
  await vi.waitUntil(async () => (await engine.view(id)).bytesPerSecond > 0, {
    timeout: 20_000,
    interval: 20,
  });
  const startMs = performance.now();
  const arrived: { readonly ms: number; readonly bytes: number }[] = [];
  const look = async () => {
    const { stats, bytesPerSecond } = await engine.view(id);
    arrived.push({ ms: performance.now(), bytes: stats.downloadedBytes });
    return bytesPerSecond;
  };
  const shown: number[] = [];
  // Of two downloads on one line now one, now the other gets more: looked at over half a second.
  while (performance.now() < startMs + afterMs + LOOK_MS) {
    await sleep(50);
    const speed = await look();
    if (performance.now() >= startMs + afterMs) shown.push(speed);
  }
  const last = arrived.at(-1);
  const first = arrived.findLast(({ ms }) => ms <= (last?.ms ?? 0) - WINDOW_MS);
  if (!first || !last) throw new Error('It was not looked at for long enough.');
  const mean = shown.reduce((sum, speed) => sum + speed, 0) / shown.length;
  return mean / (((last.bytes - first.bytes) * 1000) / (last.ms - first.ms));
}

async function moving(engine: TestEngine, id: string): Promise<void> {
  await vi.waitUntil(async () => (await engine.view(id)).bytesPerSecond > 0, {
    timeout: 20_000,
    interval: 20,
  });
}

function expectTrue(share: number): void {
  expect(share).toBeGreaterThan(0.85);
  expect(share).toBeLessThan(1.15);
}

/** Other programs on the machine disturb a line of one second's length now and then, and three times in a row hardly. */
const ON_A_BUSY_MACHINE = { timeout: 60_000, retry: 2 };

describe('two seconds later, the speed that is shown is what arrives', ON_A_BUSY_MACHINE, () => {
  it('after the start, and after a pause', async () => {
    await using world = await openWorld([oneFile(SIZE)], LINE);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/one' });
    expectTrue(await shownShare(engine, id));
    await engine.call('downloads.pause', { id });
    await sleep(4000);
    await engine.call('downloads.resume', { id });
    expectTrue(await shownShare(engine, id));
  });

  it('after the limit was changed', async () => {
    await using world = await openWorld([oneFile(SIZE)], LINE);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/one' });
    await shownShare(engine, id);
    await engine.call('settings.set', { limitBytesPerSecond: LIMIT });
    expectTrue(await shownShare(engine, id));
    await engine.call('settings.set', { limitBytesPerSecond: null });
    expectTrue(await shownShare(engine, id));
  });

  it('of both downloads after a second one joined', async () => {
    await using world = await openWorld([oneFile(SIZE), oneFile(SIZE, 'org/two', 'other')], LINE);
    const engine = await world.open();
    const first = await engine.add({ reference: 'org/one' });
    await shownShare(engine, first);
    const second = await engine.add({ reference: 'org/two' });
    await moving(engine, second);
    const shares = await Promise.all([first, second].map((id) => shownShare(engine, id)));
    for (const share of shares) expectTrue(share);
  });
});

describe('numbers of a running download', () => {
  it('report a remaining time that is the rest at the speed next to it, and none in the first three seconds', async () => {
    await using world = await openWorld([oneFile(SIZE)], LINE);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/one' });
    const told = await engine.waitFor('progress', ({ etaSeconds }) => etaSeconds !== null);
    const first = progressOf(engine, id, 0).find(({ bytesPerSecond }) => bytesPerSecond > 0);
    expect(Date.parse(told.time) - Date.parse(first?.time ?? '')).toBeGreaterThan(2000);
    expect(told.etaSeconds).toBe(Math.ceil((told.totalBytes - told.receivedBytes) / told.bytesPerSecond));
  }, 60_000);

  it('are reported at least once a second for each of fourteen', async () => {
    const repositories = Array.from({ length: 14 }, (_, index) =>
      oneFile(8 * MIB, `org/n${index}`, `${index}`),
    );
    await using world = await openWorld(repositories, { conditions: { totalBytesPerSecond: 4_000_000 } });
    const engine = await world.open();
    await engine.call('settings.set', { atOnce: 14 });
    const ids = await Promise.all(repositories.map((_, index) => engine.add({ reference: `org/n${index}` })));
    const moving = new Set<string>();
    await engine.waitFor('progress', ({ download, state }) => {
      if (state === 'downloading') moving.add(download);
      return moving.size === 14;
    });
    const since = engine.mark();
    const startMs = Date.now();
    await engine.waitFor('progress', ({ time }) => Date.parse(time) >= startMs + 3000, { since });
    for (const id of ids) expect(progressOf(engine, id, since).length).toBeGreaterThanOrEqual(3);
  }, 60_000);

  it('of its connections sum to its own', async () => {
    await using world = await openWorld([oneFile(SIZE)], LINE);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/one' });
    await shownShare(engine, id);
    for (let look = 0; look < 8; look += 1) {
      const since = engine.mark();
      const { streams } = await engine.call('downloads.inspect', { id });
      const { bytesPerSecond } = await engine.view(id);
      const sum = streams.reduce((all, stream) => all + stream.bytesPerSecond, 0);
      expect(sum).toBeGreaterThan(bytesPerSecond * 0.95);
      expect(sum).toBeLessThan(bytesPerSecond * 1.05);
      await engine.waitFor('progress', () => true, { since });
    }
  }, 60_000);
});
