import { join } from 'node:path';
import type { Bench, Group, GroupResult } from '../bench.ts';
import { ARIA2 } from '../contestants/aria2.ts';
import type { Contestant } from '../contestants/contestant.ts';
import { CURL } from '../contestants/curl.ts';
import { haulyard, REFERENCE } from '../contestants/haulyard.ts';
import { present } from '../contestants/programs.ts';
import { WGET } from '../contestants/wget.ts';
import { compare } from '../measure/compare.ts';
import { measureContestant } from '../measure/measure-contestant.ts';
import type { Measurement } from '../measure/measurement.ts';
import { comparisonTable } from '../results/comparison-table.ts';
import { type Series, type Summary, summarize } from '../results/summary.ts';
import type { Table } from '../results/table.ts';
import { makeFile, type SourceFile } from '../server/make-file.ts';
import { openHubSite } from '../server/site.ts';
import { WEAK_LINES, type WeakLine } from './weak-lines.ts';

/** How long the best possible download of each line takes. */
const IDEAL_SECONDS = { quick: 3, full: 20 };
/** Whoever needs longer than so many times that, and a stall or two, is not waited for. */
const PATIENCE = { factor: 3, seconds: 30 };
/** Rounds of a line on which chance decides; each has another seed. */
const CHANCY_ROUNDS = 5;
const REPO = 'bench/weak';
const PATH = 'weights.bin';

interface WeakResult {
  readonly line: WeakLine;
  readonly summaries: readonly Summary[];
  readonly series: readonly Series[];
  readonly table: Table;
}

/** Weak lines: everybody on a line that drops, stalls, or is shared. */
export const WEAK: Group = { name: 'weak', neededBytes: () => 2 ** 29, run };

async function run(bench: Bench): Promise<GroupResult> {
  const { able, missing } = await present(contestants(bench.quick));
  const lines = WEAK_LINES.filter(
    ({ name, quick }) => bench.lines?.includes(name) ?? (quick || !bench.quick),
  );
  const results: WeakResult[] = [];
  for (const line of lines) {
    const invited = able.filter((contestant) => contestant !== WGET || line.breaks);
    results.push(await contest(line, invited, bench));
  }
  return {
    tables: results.map(({ table }) => table),
    notes: [
      'Where chance decides, the mean is the time to be expected; the median may hide what happens in every third download.',
      'Peers are told to resume, to try again for ever, and to give a silent stream up after 30 s.',
      '@huggingface/hub and ipull are left out: they cannot be told so.',
      'wget runs only where lines break; elsewhere one stream is one stream.',
      ...missing,
    ],
    data: results.map(({ line, summaries, series }) => ({ line, summaries, series })),
  };
}

function contestants(quick: boolean): readonly Contestant[] {
  const profiles = quick ? (['auto', 'weak'] as const) : (['auto', 'fast', 'weak', 'very-weak'] as const);
  return [...profiles.map(haulyard), CURL, ARIA2, ...(quick ? [] : [WGET])];
}

async function contest(line: WeakLine, able: readonly Contestant[], bench: Bench): Promise<WeakResult> {
  const { quick, folder, log } = bench;
  const seconds = quick ? IDEAL_SECONDS.quick : IDEAL_SECONDS.full;
  const size = line.bestBytesPerSecond * seconds;
  const file = await makeFile(join(folder, 'weak-source'), size, line.name);
  const limitSeconds = seconds * PATIENCE.factor + PATIENCE.seconds;
  const rounds = bench.rounds ?? (line.chancy && !quick ? CHANCY_ROUNDS : 1);
  const done = new Map<Contestant, number>();
  const series = await compare({
    title: line.name,
    contestants: able,
    rounds,
    log,
    run: (contestant) => {
      // Another seed in each round, the same for all.
      const seed = (done.get(contestant) ?? 0) + 1;
      done.set(contestant, seed);
      return runOn(line, file, seed, contestant, { folder, limitSeconds });
    },
  });
  const summaries = summarize(series, REFERENCE);
  const title = `Weak line "${line.name}": ${line.meaning}; at best ${seconds} s`;
  return { line, summaries, series, table: comparisonTable(title, summaries, size) };
}

/** A separate Hub for each run, so that chance is the same for all. */
async function runOn(
  line: WeakLine,
  file: SourceFile,
  seed: number,
  contestant: Contestant,
  { folder, limitSeconds }: { folder: string; limitSeconds: number },
): Promise<Measurement> {
  const { conditions, crowding, chunkBytes } = line;
  const repositories = [{ id: REPO, files: { [PATH]: file } }];
  await using site = await openHubSite(repositories, { conditions, crowding, seed });
  const target = { repo: REPO, path: PATH, sha256: file.sha256, pieceBytes: chunkBytes, patient: true };
  return await measureContestant(contestant, { site, target, folder, limitSeconds, watched: site });
}
