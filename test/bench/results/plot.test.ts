import { expect, it } from 'vitest';
import type { Measurement, TracePoint } from '../measure/measurement.ts';
import { fastPlots, weakPlots } from './plot.ts';

function run(seconds: number, trace: readonly TracePoint[]): Measurement {
  return { seconds, trace, problem: null, cpuSeconds: 1, peakBytes: 1, wireBytes: 1 };
}

/** A megabyte each second over two streams. */
const STEADY = [0, 1, 2, 3].map((seconds) => ({ seconds, bytes: seconds * 1e6, streams: 2 }));
const LINE = { name: 'slow edge', meaning: '' };

it('plots the throughput of all contestants on a weak network, from the run in the middle', () => {
  const runs = [run(9, []), run(3, STEADY), run(2, [])];
  const plots = weakPlots([{ line: LINE, series: [{ name: 'us', verifies: true, runs }] }]);
  expect(plots['weak-slow-edge.svg']?.curves).toEqual([
    {
      name: 'us',
      points: [
        [1, 1],
        [2, 1],
        [3, 1],
      ],
    },
  ]);
});

it('plots the streams that auto had open, line by line', () => {
  const series = [{ name: 'haulyard auto', verifies: true, runs: [run(3, STEADY)] }];
  const plots = weakPlots([{ line: LINE, series }]);
  expect(plots['weak-streams.svg']?.curves[0]).toMatchObject({ name: 'slow edge' });
  expect(plots['weak-streams.svg']?.curves[0]?.points.at(-1)).toEqual([3, 2]);
});

it('plots time against size where there are several sizes', () => {
  const of = (bytes: number, medianSeconds: number | null) => ({
    bytes,
    summaries: [{ name: 'us', medianSeconds }],
  });
  const [small, large] = [of(2 ** 30, 2), of(2 ** 33, 16)];
  expect(fastPlots({ ...small, sizes: [large, small] })['fast-time.svg']?.curves[0]?.points).toEqual([
    [1, 2],
    [8, 16],
  ]);
  expect(fastPlots(small)).toEqual({});
});

it('plots nothing of groups that failed or did not run', () => {
  expect([weakPlots({ failed: 'x' }), fastPlots({ failed: 'x' }), weakPlots(undefined)]).toEqual([
    {},
    {},
    {},
  ]);
});
