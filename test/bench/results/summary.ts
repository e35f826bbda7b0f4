import type { Measurement } from '../measure/measurement.ts';
import { known, mean, median, pairedRatio, spread } from './statistics.ts';

/** All runs of one contestant, in the order of the rounds. */
export interface Series {
  readonly name: string;
  /** False for a contestant that does not check what it downloaded. */
  readonly verifies: boolean;
  readonly runs: readonly Measurement[];
}

/** What the runs of one contestant come to. Null where nothing was measured. */
export interface Summary {
  readonly name: string;
  readonly verifies: boolean;
  readonly medianSeconds: number | null;
  /** What is to be expected where chance decides. */
  readonly meanSeconds: number | null;
  readonly spreadSeconds: { readonly min: number; readonly max: number } | null;
  /** Times as long as the reference in the same round. */
  readonly ratio: number | null;
  readonly cpuSeconds: number | null;
  readonly peakBytes: number | null;
  readonly wireBytes: number | null;
  /** Why runs did not end well, each reason once. */
  readonly problems: readonly string[];
}

/** Medians of each contestant, and its times against those of the contestant named `reference`. */
export function summarize(series: readonly Series[], reference: string): Summary[] {
  const base = series.find(({ name }) => name === reference)?.runs.map(goodSeconds) ?? [];
  return series.map(({ name, verifies, runs }) => {
    const good = runs.filter(({ problem }) => problem === null);
    return {
      name,
      verifies,
      medianSeconds: median(good.map(({ seconds }) => seconds)),
      meanSeconds: mean(good.map(({ seconds }) => seconds)),
      spreadSeconds: spread(good.map(({ seconds }) => seconds)),
      ratio: pairedRatio(runs.map(goodSeconds), base),
      cpuSeconds: median(known(good.map((run) => run.cpuSeconds))),
      peakBytes: median(known(good.map((run) => run.peakBytes))),
      wireBytes: median(known(good.map((run) => run.wireBytes))),
      problems: [...new Set(reasons(runs.map(({ problem }) => problem)))],
    };
  });
}

function goodSeconds({ seconds, problem }: Measurement): number | null {
  return problem === null ? seconds : null;
}

function reasons(values: readonly (string | null)[]): string[] {
  return values.filter((value) => value !== null);
}
