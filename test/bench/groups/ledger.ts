import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Group, GroupResult } from '../bench.ts';
import { runCommand } from '../measure/run-command.ts';
import { showMilliseconds } from '../results/show.ts';

const SCRIPT = fileURLToPath(new URL('../ledger.ts', import.meta.url));
const LIMIT_SECONDS = 300;
const QUICK_COMMITS = 200;

/** What `test/bench/ledger.ts --json` prints. */
interface LedgerReport {
  readonly chunks: number;
  readonly results: ReadonlyArray<{
    readonly name: string;
    readonly samples: number;
    readonly medianMs: number;
    readonly p99Ms: number;
    readonly maxMs: number;
    readonly goalMs: number | null;
  }>;
}

/** What the ledger costs with the chunks of a 1 TB model. */
export const LEDGER: Group = { name: 'ledger', neededBytes: () => 2 ** 28, run };

async function run({ quick, folder }: Bench): Promise<GroupResult> {
  const output: string[] = [];
  const more = quick ? ['--commits', String(QUICK_COMMITS)] : [];
  const argv = [process.execPath, SCRIPT, '--json', ...more];
  const { code, errors } = await runCommand(
    // In the folder of the benchmark, on the disk that is measured.
    { argv, env: { TMPDIR: folder }, limitSeconds: LIMIT_SECONDS, onLine: (line) => output.push(line) },
    join(folder, 'ledger-usage'),
  );
  if (code !== 0) throw new Error(`The benchmark of the ledger failed: ${errors}`);
  const report = JSON.parse(output.at(-1) ?? '') as LedgerReport;
  return {
    tables: [
      {
        title: `Ledger with ${report.chunks} chunks`,
        columns: ['', 'times', 'median ms', 'p99 ms', 'max ms', 'goal ms'],
        rows: report.results.map(({ name, samples, medianMs, p99Ms, maxMs, goalMs }) => [
          name,
          String(samples),
          medianMs.toFixed(3),
          showMilliseconds(p99Ms),
          showMilliseconds(maxMs),
          goalMs === null ? '-' : String(goalMs),
        ]),
      },
    ],
    notes: [],
    data: report,
  };
}
