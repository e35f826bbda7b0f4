import { describe, expect, it } from 'vitest';
import {
  AUTO_MAX_STREAMS,
  type ConcurrencyState,
  fixedStreams,
  observe,
  provenStreams,
  startConcurrency,
} from './concurrency.ts';

const TICK_MS = 500;

/** A line: bytes per second with so many streams. */
type Line = (streams: number) => number;

/** Each stream gets so much, until all together fill the line. */
function filledBy(streams: number): Line {
  return (open) => (1_000_000 * Math.min(open, streams)) / streams;
}

/** Numbers around 0 with a deviation of about 1, the same in every run. */
function noise(): () => number {
  let seed = 42;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  return () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
}

interface Replay {
  readonly minutes: number;
  readonly start?: ConcurrencyState;
  /** Share of the throughput by which it wavers. */
  readonly noise?: number;
  readonly troubleAtMs?: (ms: number, streams: number) => boolean;
  /** Streams that there is work for. */
  readonly work?: number;
}

/** Replays a line; returns the number of streams at each tick, and the state at the end. */
function replay(line: Line, { minutes, start = startConcurrency(0, null), ...options }: Replay) {
  const random = noise();
  const streams: number[] = [];
  let state = start;
  for (let ms = TICK_MS; ms <= minutes * 60_000; ms += TICK_MS) {
    const openStreams = Math.min(state.streams, options.work ?? state.streams);
    const rate = line(openStreams) * (1 + random() * (options.noise ?? 0));
    const trouble = options.troubleAtMs?.(ms, state.streams) ?? false;
    const bytes = (Math.max(0, rate) * TICK_MS) / 1000;
    state = observe(state, { nowMs: ms, elapsedMs: TICK_MS, bytes, openStreams, trouble });
    streams.push(state.streams);
  }
  return { streams, state };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const lastHalf = (values: readonly number[]) => values.slice(values.length / 2);

describe('the number of streams that auto finds', () => {
  it('begins at two', () => {
    expect(startConcurrency(0, null).streams).toBe(2);
  });

  it.each([
    ['where one stream fills the line', filledBy(1), 2],
    ['where four fill it', filledBy(4), 4],
    [
      'where ten fill it and more are slower',
      (n: number) => filledBy(10)(n) * (1 - Math.max(0, n - 10) / 100),
      10,
    ],
    ['where each connection is capped', filledBy(100), 16],
    ['where more than three are slower', (n: number) => filledBy(3)(n) * (1 - Math.max(0, n - 3) / 50), 3],
  ])('%s is found within five minutes and kept', (_, line, expected) => {
    const { streams } = replay(line, { minutes: 60 });
    const settled = streams.slice((5 * 60_000) / TICK_MS);
    expect(Math.abs(mean(settled) - expected)).toBeLessThan(0.5);
    expect(Math.max(...settled) - Math.min(...settled)).toBeLessThanOrEqual(2);
  });

  it.each([
    ['stays low on a wavering line that four fill', filledBy(4), 3, 7],
    ['stays high on a wavering line that caps each connection', filledBy(100), 13, 16],
  ])('%s', (_, line, least, most) => {
    const { streams } = replay(line, { minutes: 120, noise: 0.2 });
    expect(mean(lastHalf(streams))).toBeGreaterThanOrEqual(least);
    expect(mean(lastHalf(streams))).toBeLessThanOrEqual(most);
  });

  it('climbs to its limit in two minutes where each connection is capped', () => {
    expect(replay(filledBy(100), { minutes: 2 }).state.streams).toBe(AUTO_MAX_STREAMS);
  });

  it('adds one at a time and never leaves its limits', () => {
    const { streams } = replay(filledBy(1000), { minutes: 30, noise: 1 });
    for (const [index, value] of streams.entries()) {
      expect(Math.abs(value - (streams[index - 1] ?? 2))).toBeLessThanOrEqual(1);
      expect(value).toBeGreaterThanOrEqual(2);
      expect(value).toBeLessThanOrEqual(AUTO_MAX_STREAMS);
    }
  });

  it('begins with what it remembers, within its limits', () => {
    expect([9, 99, 0].map((remembered) => startConcurrency(0, remembered).streams)).toEqual([9, 16, 1]);
  });

  it('comes down from a remembered number that is too high', () => {
    const { streams } = replay(filledBy(4), { minutes: 30, start: startConcurrency(0, 12) });
    expect(streams.at(-1)).toBeLessThanOrEqual(5);
  });

  it('steps down at once on trouble, and stays there for a while', () => {
    const { streams } = replay(filledBy(100), {
      minutes: 1,
      start: startConcurrency(0, 10),
      troubleAtMs: (ms) => ms === 3000,
    });
    expect(streams.slice(4, 60)).toEqual([10, ...Array.from({ length: 55 }, () => 9)]);
  });

  it('settles where the server stops answering 429', () => {
    const { streams } = replay(filledBy(100), { minutes: 20, troubleAtMs: (_, open) => open > 6 });
    expect(Math.max(...lastHalf(streams))).toBeLessThanOrEqual(7);
    expect(mean(lastHalf(streams))).toBeGreaterThan(5);
  });

  it('goes down to one stream when nothing but trouble comes', () => {
    expect(replay(() => 0, { minutes: 1, troubleAtMs: () => true }).state.streams).toBe(1);
  });

  it('is not judged while there is work for fewer streams', () => {
    const { state } = replay(filledBy(100), { minutes: 10, work: 1 });
    expect(state.streams).toBe(2);
  });

  it('tells what proved itself, without the step that is being tried', () => {
    const { state } = replay(filledBy(100), { minutes: 0.12 });
    expect([state.streams, provenStreams(state)]).toEqual([3, 2]);
  });
});

describe('the profiles', () => {
  it.each([
    ['auto', undefined, null],
    ['fast', undefined, 10],
    ['weak', undefined, 5],
    ['very-weak', undefined, 1],
    ['auto', 7, 7],
    ['very-weak', 3, 3],
  ] as const)('%s with %s workers means %s streams', (profile, workers, streams) => {
    expect(fixedStreams(profile, workers)).toBe(streams);
  });
});
