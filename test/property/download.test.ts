import fc from 'fast-check';
import { describe, it } from 'vitest';
import { runScenario } from './run-scenario.ts';
import { scenario } from './scenario.ts';

/** The same scenarios each time; `node test/property/main.ts` runs others. */
const SEED = 1;
const RUNS = 25;

describe('a download through random faults, interruptions and damage', () => {
  it('ends with the right bytes, asks for nothing twice, and leaves the rest of the cache alone', async () => {
    await fc.assert(fc.asyncProperty(scenario, runScenario), {
      numRuns: RUNS,
      seed: SEED,
      endOnFailure: true,
    });
  }, 180_000);
});
