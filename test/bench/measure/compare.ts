import type { Contestant } from '../contestants/contestant.ts';
import { showSeconds } from '../results/show.ts';
import type { Series } from '../results/summary.ts';
import type { Measurement } from './measurement.ts';
import { runOrder } from './run-order.ts';

/** A contest. */
export interface Contest {
  readonly title: string;
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  readonly run: (contestant: Contestant) => Promise<Measurement>;
  readonly log: (line: string) => void;
}

/** Runs the rounds, interleaved, and gathers what was measured, in the order of the contestants. */
export async function compare({ title, contestants, rounds, run, log }: Contest): Promise<Series[]> {
  const runs = new Map<Contestant, Measurement[]>(contestants.map((contestant) => [contestant, []]));
  for (const [round, order] of runOrder(contestants, rounds).entries()) {
    for (const contestant of order) {
      const measured = await run(contestant);
      runs.get(contestant)?.push(measured);
      const outcome = measured.problem ?? `${showSeconds(measured.seconds)} s`;
      log(`${title}, round ${round + 1} of ${rounds}: ${contestant.name}: ${outcome}`);
    }
  }
  return contestants.map((contestant) => ({
    name: contestant.name,
    verifies: contestant.verifies,
    runs: runs.get(contestant) ?? [],
  }));
}
