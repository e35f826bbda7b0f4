import { describe, expect, it } from 'vitest';
import {
  AUTO_MAX_STREAMS,
  AUTO_START_STREAMS,
  type ConcurrencyState,
  fixedStreams,
  observe,
  provenStreams,
  startConcurrency,
} from './concurrency-controller.ts';

const TICK_MS = 250;

/** A simulated link: bytes per second for a number of concurrent streams. */
type Line = (streams: number, ms: number) => number;

/** Each stream gets this much, until all of them together fill the link. */
function filledBy(streams: number): Line {
  return (open) => (1_000_000 * Math.min(open, streams)) / streams;
}

/** Ten streams fill the link; each further one takes away a share. */
function crowded(lossEach: number): Line {
  return (open, ms) => filledBy(10)(open, ms) * (1 - Math.max(0, open - 10) * lossEach);
}

/** Numbers around 0 with a standard deviation of about 1, the same in every run. */
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
  /** Relative variation of the throughput. */
  readonly noise?: number;
  readonly troubleAtMs?: (ms: number, streams: number) => boolean;
  /** Number of streams there is work for. */
  readonly work?: number;
  /** Share of the time that this process is busy with that many streams. */
  readonly busyShare?: (streams: number) => number;
  /** Time from a request to its response. */
  readonly answerMs?: number;
}

/** Replays a link; returns the number of streams at each tick, the bytes received, and the final state. */
function replay(line: Line, { minutes, start = startConcurrency(null), ...options }: Replay) {
  const random = noise();
  const streams: number[] = [];
  const openedMs: number[] = [];
  let state = start;
  let received = 0;
  for (let ms = TICK_MS; ms <= minutes * 60_000; ms += TICK_MS) {
    const openStreams = Math.min(state.streams, options.work ?? state.streams);
    openedMs.length = Math.min(openedMs.length, openStreams);
    while (openedMs.length < openStreams) openedMs.push(ms - TICK_MS);
    const answeredStreams = openedMs.filter((at) => ms - at >= (options.answerMs ?? 0)).length;
    const rate = line(answeredStreams, ms) * (1 + random() * (options.noise ?? 0));
    const trouble = options.troubleAtMs?.(ms, state.streams) ?? false;
    const bytes = (Math.max(0, rate) * TICK_MS) / 1000;
    received += bytes;
    const busyShare = options.busyShare?.(openStreams) ?? 0;
    state = observe(state, {
      nowMs: ms,
      elapsedMs: TICK_MS,
      bytes,
      openStreams,
      answeredStreams,
      busyShare,
      trouble,
    });
    streams.push(state.streams);
  }
  return { streams, state, received };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const lastHalf = (values: readonly number[]) => values.slice(values.length / 2);
const changes = (values: readonly number[]) => values.filter((value, index) => value !== values[index - 1]);

describe('the number of streams that auto finds', () => {
  it.each([
    ['where one stream fills the line', filledBy(1), 2],
    ['where four fill it', filledBy(4), 4],
    ['where six fill it', filledBy(6), 6],
    ['where ten fill it', filledBy(10), 10],
    ['where ten fill it and more are slower', crowded(0.01), 10],
    ['where ten fill it and more are much slower', crowded(0.08), 10],
    ['where each connection is capped', filledBy(100), 16],
    ['where more than three are slower', (n: number) => filledBy(3)(n, 0) * (1 - Math.max(0, n - 3) / 50), 3],
  ])('%s is found within five minutes and kept', (_, line, expected) => {
    const { streams } = replay(line, { minutes: 60 });
    const settled = streams.slice((5 * 60_000) / TICK_MS);
    expect(Math.abs(mean(settled) - expected)).toBeLessThan(0.5);
    expect(Math.max(...settled) - Math.min(...settled)).toBeLessThanOrEqual(2);
  });

  it.each([
    ['where one stream fills the line', filledBy(1), 10, 0.99],
    ['where six fill it', filledBy(6), 10, 0.96],
    ['where ten fill it and more are slower', crowded(0.02), 10, 0.94],
    ['where ten fill it and more are much slower', crowded(0.05), 10, 0.89],
    ['where each connection is capped', filledBy(16), 16, 0.93],
  ])('%s is found soon enough not to matter in 20 s', (_, line, best, share) => {
    const seconds = 20;
    const { received } = replay(line, { minutes: seconds / 60 });
    expect(received).toBeGreaterThan(share * seconds * line(best, 0));
  });

  it('doubles from the start as long as each stream gets as much as those before', () => {
    expect(changes(replay(filledBy(100), { minutes: 0.1 }).streams)).toEqual([AUTO_START_STREAMS, 8, 16]);
  });

  it('waits on a link with slow responses until all streams have one', () => {
    const { streams } = replay(filledBy(100), { minutes: 0.1, answerMs: 1500 });
    // 1.5 s for the response, nearly as much for TCP windows to grow, and the time to measure.
    expect(streams.indexOf(8) * TICK_MS).toBeGreaterThanOrEqual(2750);
    expect(streams.indexOf(8) * TICK_MS).toBeLessThan(4000);
  });

  it('goes from a large step that gains too little to a little more than fills the link', () => {
    expect(changes(replay(filledBy(10), { minutes: 0.1 }).streams).slice(0, 4)).toEqual([4, 8, 16, 12]);
  });

  it('does not take a higher number for better where ten are no better than four', () => {
    const { streams } = replay(filledBy(4), { minutes: 10 });
    expect(changes(streams).slice(0, 3)).toEqual([4, 8, 5]);
    expect(streams.filter((value) => value > 5).length * TICK_MS).toBeLessThan(6000);
    expect(streams.at(-1)).toBe(4);
  });

  it.each([
    ['stays low on a wavering line that four fill', filledBy(4), 3, 7],
    ['stays high on a wavering line that caps each connection', filledBy(100), 13, 16],
  ])('%s', (_, line, least, most) => {
    const { streams } = replay(line, { minutes: 120, noise: 0.2 });
    expect(mean(lastHalf(streams))).toBeGreaterThanOrEqual(least);
    expect(mean(lastHalf(streams))).toBeLessThanOrEqual(most);
  });

  it('climbs again when a link improves, by larger and larger steps', () => {
    const better: Line = (n, ms) => (ms < 20 * 60_000 ? filledBy(3)(n, ms) : n * 500_000);
    const { streams } = replay(better, { minutes: 32 });
    expect(streams.at(-1)).toBe(AUTO_MAX_STREAMS);
    expect(changes(streams.slice((20 * 60_000) / TICK_MS)).length).toBeLessThan(10);
  });

  it('never leaves its limits', () => {
    const { streams } = replay(filledBy(1000), { minutes: 30, noise: 1 });
    for (const value of streams) {
      expect(value).toBeGreaterThanOrEqual(2);
      expect(value).toBeLessThanOrEqual(AUTO_MAX_STREAMS);
    }
  });

  it('begins with the remembered number, within its limits', () => {
    expect([9, 99, 0].map((remembered) => startConcurrency(remembered).streams)).toEqual([9, 16, 1]);
  });

  it('climbs fast from a low remembered number, and carefully from a high one', () => {
    const first = (remembered: number) =>
      changes(replay(filledBy(100), { minutes: 0.25, start: startConcurrency(remembered) }).streams)[1];
    expect([first(2), first(9)]).toEqual([4, 10]);
  });

  it('comes down from a remembered number that is too high', () => {
    const { streams } = replay(filledBy(4), { minutes: 30, start: startConcurrency(12) });
    expect(streams.at(-1)).toBeLessThanOrEqual(5);
  });

  it('steps down at once on trouble, and stays there for a while', () => {
    const { streams } = replay(filledBy(100), {
      minutes: 0.5,
      start: startConcurrency(10),
      troubleAtMs: (ms) => ms === 3000,
    });
    expect(changes(streams)).toEqual([10, 9]);
    expect(streams.indexOf(9)).toBe(3000 / TICK_MS - 1);
  });

  it('reverts a whole large step when it causes trouble', () => {
    const { streams } = replay(filledBy(100), { minutes: 0.2, troubleAtMs: (_, open) => open > 8 });
    expect(changes(streams)).toEqual([4, 8, 16, 8]);
  });

  it('settles where the server stops answering 429', () => {
    const { streams } = replay(filledBy(100), { minutes: 20, troubleAtMs: (_, open) => open > 6 });
    expect(Math.max(...lastHalf(streams))).toBeLessThanOrEqual(8);
    expect(mean(lastHalf(streams))).toBeGreaterThan(5);
  });

  it('goes down to one stream when there is nothing but trouble', () => {
    expect(replay(() => 0, { minutes: 1, troubleAtMs: () => true }).state.streams).toBe(1);
  });

  it('is not judged while there is work for fewer streams', () => {
    const { state } = replay(filledBy(100), { minutes: 10, work: 1 });
    expect(state.streams).toBe(AUTO_START_STREAMS);
  });

  it('is judged although one of many streams is between two requests', () => {
    const { state } = replay(filledBy(100), { minutes: 1, start: startConcurrency(8), work: 7 });
    expect(state.streams).toBe(9);
  });

  it('reports the proven number, without the step being tried', () => {
    const { state } = replay(filledBy(100), { minutes: 0.0209 });
    expect([state.streams, provenStreams(state)]).toEqual([8, 4]);
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

describe('a link that is faster than this computer', () => {
  /** More streams gain a little more of the link and take CPU from hashing. */
  const loopback: Line = (open) => 600_000_000 * (1 + Math.min(open, 16) / 50);

  it('gets no more streams than there were when the computer became busy', () => {
    const { streams } = replay(loopback, { minutes: 5, busyShare: () => 0.95 });
    expect(Math.max(...streams)).toBe(AUTO_START_STREAMS);
    expect(Math.min(...streams)).toBeGreaterThanOrEqual(2);
  });

  it('gets more streams as long as the computer has time for them', () => {
    const { streams } = replay(filledBy(8), { minutes: 5, busyShare: (open) => open / 20 });
    expect(Math.max(...streams)).toBeGreaterThanOrEqual(8);
  });
});
