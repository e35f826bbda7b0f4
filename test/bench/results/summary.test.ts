import { expect, it } from 'vitest';
import type { Measurement } from '../measure/measurement.ts';
import { summarize } from './summary.ts';

function run(seconds: number, problem: string | null = null): Measurement {
  return { seconds, problem, cpuSeconds: seconds / 2, peakBytes: 100, wireBytes: null };
}

const US = { name: 'us', verifies: true, runs: [run(1), run(2), run(3)] };

it('compares each contestant with the reference, round by round', () => {
  const [, other] = summarize([US, { name: 'other', verifies: false, runs: [run(2), run(4), run(6)] }], 'us');
  expect(other).toMatchObject({ medianSeconds: 4, ratio: 2, cpuSeconds: 2, peakBytes: 100, verifies: false });
});

it('does not count failed runs, and reports the reason once', () => {
  const runs = [run(1, 'too slow'), run(5), run(1, 'too slow')];
  const [, other] = summarize([US, { name: 'other', verifies: true, runs }], 'us');
  expect(other).toMatchObject({ medianSeconds: 5, ratio: 2.5, problems: ['too slow'] });
});

it('leaves open what nobody measured', () => {
  const [only] = summarize([US], 'nobody');
  expect(only).toMatchObject({ ratio: null, wireBytes: null });
});
