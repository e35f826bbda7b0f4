import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/shared/contract/events.ts';
import { flipBytes } from '../hub/faults/constructors.ts';
import { checkEvents } from './check-events.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { bytesOf, onlyFile } from './on-disk.ts';
import { oneFile, WEIGHTS } from './repositories.ts';

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

  it('report a speed and a remaining time that match the network', async () => {
    await using world = await openWorld([oneFile(32 * MIB)], {
      conditions: { totalBytesPerSecond: 4_000_000 },
    });
    const engine = await world.open();
    const id = await engine.add({ reference });
    const half = await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 16 * MIB);
    expect(half.bytesPerSecond).toBeGreaterThan(2_500_000);
    expect(half.bytesPerSecond).toBeLessThan(6_000_000);
    expect(half.etaSeconds).toBeGreaterThanOrEqual(2);
    expect(half.etaSeconds).toBeLessThanOrEqual(7);
    await engine.ended(id);
  });
});

describe('verifying', () => {
  it('is reported every second, with seconds and bytes that rise, until it is done', async () => {
    await using world = await openWorld([REPOSITORY]);
    const whole = join(world.root, 'whole');
    await writeFile(whole, await bytesOf(onlyFile(REPOSITORY)));
    const engine = await world.open({ hashWorkerUrl: new URL('./slow-hash-worker.ts', import.meta.url) });
    const { events } = await engine.download({ reference, from: { [WEIGHTS]: whole } });
    const beats = ofKind(events, 'verifying').map(({ seconds, hashedBytes }) => ({ seconds, hashedBytes }));
    expect(beats.length).toBeGreaterThanOrEqual(2);
    expect(beats.map(({ seconds }) => seconds)).toEqual(beats.map((_, index) => index));
    expect(beats.at(-1)!.hashedBytes).toBeGreaterThan(beats[0]!.hashedBytes);
    expect(ofKind(events, 'verifying').every(({ totalBytes }) => totalBytes === SIZE)).toBe(true);
  });

  it('is a state of its own, in which not everything is verified yet', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ hashWorkerUrl: new URL('./slow-hash-worker.ts', import.meta.url) });
    const id = await engine.add({ reference });
    const { receivedBytes, verifiedBytes } = await engine.waitFor(
      'progress',
      ({ state }) => state === 'verifying',
    );
    expect(receivedBytes).toBe(SIZE);
    expect(verifiedBytes).toBeLessThan(SIZE);
    expect((await engine.ended(id)).done!.stats.secondsAfterLastByte).toBeGreaterThan(0.1);
  });
});

describe('a speed limit', () => {
  const limit = 2_000_000;
  const bytes = 4 * MIB;
  const repositories = [oneFile(bytes), oneFile(2 * MIB, 'org/other')];

  it('is kept', async () => {
    await using world = await openWorld(repositories);
    const engine = await world.open({ limitBytesPerSecond: limit });
    const { done } = await engine.download({ reference });
    expect(bytes / done.stats.seconds).toBeLessThan(limit * 1.15);
    expect(bytes / done.stats.seconds).toBeGreaterThan(limit * 0.5);
  });

  it('holds for all downloads together', async () => {
    await using world = await openWorld(repositories);
    const engine = await world.open({ limitBytesPerSecond: limit });
    const startedMs = performance.now();
    const ids = [await engine.add({ reference }), await engine.add({ reference: 'org/other' })];
    for (const id of ids) await engine.ended(id);
    expect((6 * MIB * 1000) / (performance.now() - startedMs)).toBeLessThan(limit * 1.15);
  });

  it('is taken away while a download runs', async () => {
    await using world = await openWorld(repositories);
    const engine = await world.open();
    await engine.call('settings.set', { limitBytesPerSecond: 100_000 });
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 0);
    const since = engine.mark();
    await engine.call('settings.set', { limitBytesPerSecond: null });
    await engine.waitFor('listed', () => true, { since }); // Clients that show settings read them again.
    expect((await engine.ended(id, { timeoutMs: 10_000 })).done).not.toBeNull();
  });

  it('is remembered by the next engine', async () => {
    await using world = await openWorld(repositories);
    const first = await world.open();
    await first.call('settings.set', { limitBytesPerSecond: limit });
    await first.close();
    const { done } = await (await world.open()).download({ reference: 'org/other' });
    expect((2 * MIB) / done.stats.seconds).toBeLessThan(limit * 1.3);
  });
});
