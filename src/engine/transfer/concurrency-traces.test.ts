import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { observe, startConcurrency } from './concurrency-controller.ts';

/**
 * Throughput of a weak link of the benchmark with each number of streams, recorded by test/bench/traces/record.ts:
 * bytes in each tick, starting at the first byte.
 */
interface Trace {
  readonly line: string;
  readonly tickMs: number;
  readonly bytes: Readonly<Record<string, readonly number[]>>;
}

const FOLDER = new URL('./traces/', import.meta.url);
const TRACES = new Map(
  readdirSync(FOLDER)
    .map((name): Trace => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')))
    .map((trace) => [trace.line, trace]),
);
/** The start of each recording reflects the recording program, not the link. */
const SKIPPED_TICKS = 8;
const PROFILES = [1, 5, 10];

/** Returns the bytes of a tick with that many streams; a recording repeats when it reaches its end. */
function bytesAt({ bytes }: Trace, streams: number, tick: number): number {
  const recorded = bytes[streams]?.slice(SKIPPED_TICKS) ?? [];
  return recorded[tick % recorded.length] ?? 0;
}

function total(trace: Trace, ticks: number, streamsAt: (tick: number) => number): number {
  let sum = 0;
  for (let tick = 0; tick < ticks; tick += 1) sum += bytesAt(trace, streamsAt(tick), tick);
  return sum;
}

/** Returns the throughput and the number of streams that `auto` reaches on a recorded link. */
function replay(trace: Trace, seconds: number) {
  const { tickMs } = trace;
  const ticks = (seconds * 1000) / tickMs;
  const streams: number[] = [];
  let state = startConcurrency(null);
  const received = total(trace, ticks, (tick) => {
    const { streams: now } = state;
    const nowMs = (tick + 1) * tickMs;
    const sample = { nowMs, elapsedMs: tickMs, bytes: bytesAt(trace, now, tick), trouble: false };
    state = observe(state, { ...sample, openStreams: now, answeredStreams: now });
    streams.push(state.streams);
    return now;
  });
  const best = Math.max(...PROFILES.map((profile) => total(trace, ticks, () => profile)));
  return { share: received / best, streams };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('auto on recorded links', () => {
  it.each([
    // Link, least share of the best profile in 20 s and in 10 minutes, and the range of streams it settles in.
    ['drops', 0.97, 0.98, 2, 6],
    ['crowded', 0.93, 0.98, 8.5, 11.5],
    ['stalls', 0.95, 0.96, 2, 8],
    ['slow edge', 0.93, 0.96, 5, 14],
    ['capped', 1.3, 1.4, 14, 16],
    ['far away', 0.95, 0.95, 2, 8],
  ] as const)('%s', (line, soon, late, fewest, most) => {
    const trace = TRACES.get(line)!;
    expect(replay(trace, 20).share).toBeGreaterThan(soon);
    const { share, streams } = replay(trace, 600);
    expect(share).toBeGreaterThan(late);
    const settled = mean(streams.slice(streams.length / 2));
    expect(settled).toBeGreaterThanOrEqual(fewest);
    expect(settled).toBeLessThanOrEqual(most);
  });
});
