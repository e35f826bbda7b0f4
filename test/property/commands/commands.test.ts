import fc from 'fast-check';
import { describe, it } from 'vitest';
import { commandPlan } from './command-plan.ts';
import { runCommands } from './run-commands.ts';

/** The same plans each time; `node test/property/commands/main.ts` runs others. */
const SEED = 1;
const RUNS = 25;

describe('commands that meet each other', () => {
  it('are refused or carried out, and nothing else is touched', async () => {
    await fc.assert(fc.asyncProperty(commandPlan, runCommands), {
      numRuns: RUNS,
      seed: SEED,
      endOnFailure: true,
    });
  }, 240_000);
});
