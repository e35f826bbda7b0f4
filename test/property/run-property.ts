import { parseArgs } from 'node:util';
import fc from 'fast-check';

/**
 * Runs a property as often as the command line requests: `--runs 1000`. A failure is printed with the seed and the path
 * that replay it: `--seed N --path P`. With `--shrink` a smaller failing case is searched for, which takes long. Ends
 * the process.
 */
export async function runProperty<T>(
  arbitrary: fc.Arbitrary<T>,
  run: (value: T) => Promise<void>,
): Promise<never> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string' },
      path: { type: 'string' },
      shrink: { type: 'boolean', default: false },
    },
  });

  const runs = Number(values.runs);
  const seed = values.seed === undefined ? Date.now() & 0x7fffffff : Number(values.seed);
  const started = performance.now();
  let count = 0;
  console.log(`seed ${seed}`);

  const property = fc.asyncProperty(arbitrary, async (value) => {
    await run(value);
    count += 1;
    if (count % 50 === 0) console.log(`${count} runs, ${Math.round((performance.now() - started) / 1000)} s`);
  });
  const result = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: !values.shrink,
    ...(values.path === undefined ? {} : { path: values.path }),
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  if (result.failed) {
    console.log(
      `FAILED after ${result.numRuns} runs: --seed ${result.seed} --path ${result.counterexamplePath}`,
    );
    console.log(JSON.stringify(result.counterexample?.[0]));
    console.log(result.errorInstance instanceof Error ? result.errorInstance.stack : result.errorInstance);
  } else {
    console.log(`${result.numRuns} runs passed in ${seconds} s`);
  }
  process.exit(result.failed ? 1 : 0);
}
