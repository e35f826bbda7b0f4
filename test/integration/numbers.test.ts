import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/shared/contract/events.ts';
import { flipBytes } from '../hub/faults/constructors.ts';
import { checkEvents } from './check-events.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { oneFile } from './repositories.ts';

const SIZE = 8 * MIB + 99;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;

describe('events', () => {
  it('have numbers without a gap, also over several downloads', async () => {
    const other = oneFile(2 * MIB, 'org/other');
    await using world = await openWorld([REPOSITORY, other]);
    const engine = await world.open();
    const ids = [await engine.add({ reference }), await engine.add({ reference: other.id })];
    for (const id of ids) await engine.ended(id);
    const numbers = engine.events.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect((await engine.call('snapshot', {})).seq).toBe(numbers.at(-1));
  });

  it('are judged by a check that notices gaps and numbers that go back', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { events } = await (await world.open()).download({ reference });
    const gap = events.filter((_, index) => index !== 3);
    const back = events.map((event): EngineEvent => {
      return event.event === 'progress' && event.state === 'ready' ? { ...event, receivedBytes: 1 } : event;
    });
    expect(() => checkEvents(events)).not.toThrow();
    expect(() => checkEvents(gap)).toThrow();
    expect(() => checkEvents(back)).toThrow();
  });

  it('of a new run have a new run id', async () => {
    await using world = await openWorld([REPOSITORY]);
    const first = await world.open();
    const { runId } = await first.call('snapshot', {});
    await first.close();
    expect((await (await world.open()).call('snapshot', {})).runId).not.toBe(runId);
  });
});

describe('progress', () => {
  it('never goes back, also while damaged chunks are fetched again', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 8_000_000 } });
    world.hub.faults.add({ match: { origin: 'cdn', covers: MIB }, ...flipBytes(MIB) });
    const { events } = await (await world.open()).download({ reference });
    expect(ofKind(events, 'progress').some(({ state }) => state === 'repairing')).toBe(true);
    checkEvents(events);
  });

  it('comes between one and about four times a second', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 3_000_000 } });
    const { events } = await (await world.open()).download({ reference });
    const times = ofKind(events, 'progress')
      .filter(({ state }) => state === 'downloading')
      .map(({ time }) => Date.parse(time));
    const seconds = (times.at(-1)! - times[0]!) / 1000;
    expect(times.length / seconds).toBeGreaterThan(1);
    expect(times.length / seconds).toBeLessThan(5);
  });

  it('ends with all bytes received and verified', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { events } = await (await world.open()).download({ reference });
    expect(ofKind(events, 'progress').at(-1)).toMatchObject({
      state: 'ready',
      receivedBytes: SIZE,
      verifiedBytes: SIZE,
      totalBytes: SIZE,
      chunksDone: 9,
      chunksTotal: 9,
      streams: 0,
      etaSeconds: 0,
    });
  });

  it('tells a speed and a time left that fit the line', async () => {
    await using world = await openWorld([oneFile(16 * MIB)], {
      conditions: { totalBytesPerSecond: 4_000_000 },
    });
    const engine = await world.open();
    const id = await engine.add({ reference });
    const half = await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 8 * MIB);
    expect(half.bytesPerSecond).toBeGreaterThan(2_500_000);
    expect(half.bytesPerSecond).toBeLessThan(6_000_000);
    expect(half.etaSeconds).toBeGreaterThanOrEqual(1);
    expect(half.etaSeconds).toBeLessThanOrEqual(4);
    await engine.ended(id);
  });

  it('tells how a file is being verified', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { events } = await (await world.open()).download({ reference });
    for (const { hashedBytes, totalBytes } of ofKind(events, 'verifying')) {
      expect(hashedBytes).toBeLessThanOrEqual(totalBytes);
      expect(totalBytes).toBe(SIZE);
    }
    expect(ofKind(events, 'verifying').length).toBeGreaterThan(0);
  });
});

describe('a speed limit', () => {
  const limit = 2_000_000;

  it('is kept', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ limitBytesPerSecond: limit });
    const { done } = await engine.download({ reference });
    expect(SIZE / done.stats.seconds).toBeLessThan(limit * 1.15);
    expect(SIZE / done.stats.seconds).toBeGreaterThan(limit * 0.5);
  });

  it('holds for all downloads together', async () => {
    const other = oneFile(4 * MIB, 'org/other');
    await using world = await openWorld([oneFile(4 * MIB), other]);
    const engine = await world.open({ limitBytesPerSecond: limit });
    const startedMs = performance.now();
    const ids = [await engine.add({ reference }), await engine.add({ reference: other.id })];
    for (const id of ids) await engine.ended(id);
    expect((8 * MIB * 1000) / (performance.now() - startedMs)).toBeLessThan(limit * 1.15);
  });

  it('is taken away while a download runs', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    await engine.call('settings.set', { limitBytesPerSecond: 100_000 });
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 0);
    await engine.call('settings.set', { limitBytesPerSecond: null });
    expect((await engine.ended(id, { timeoutMs: 10_000 })).done).not.toBeNull();
  });

  it('is remembered by the next engine', async () => {
    await using world = await openWorld([REPOSITORY]);
    const first = await world.open();
    await first.call('settings.set', { limitBytesPerSecond: limit });
    await first.close();
    const { done } = await (await world.open()).download({ reference });
    expect(SIZE / done.stats.seconds).toBeLessThan(limit * 1.15);
  });
});
