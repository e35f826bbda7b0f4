import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { judgesEnvironment } from '../../judges/environment.ts';
import type { Bench, Group, GroupResult } from '../bench.ts';
import type { Contestant } from '../contestants/contestant.ts';
import { haulyardArgv } from '../contestants/haulyard.ts';
import { hfXet } from '../contestants/hf-xet.ts';
import { HUGGINGFACE } from '../contestants/huggingface.ts';
import { present } from '../contestants/programs.ts';
import { compare } from '../measure/compare.ts';
import { measureContestant } from '../measure/measure-contestant.ts';
import { showMegabytes, showRatio, showSeconds, showSize } from '../results/show.ts';
import { type Summary, summarize } from '../results/summary.ts';
import type { Table } from '../results/table.ts';
import type { SourceFile } from '../server/make-file.ts';
import { makeWeights } from '../server/make-weights.ts';
import { openHubSite } from '../server/site.ts';

const LIMIT_SECONDS = 600;
/** The same file in Xet storage, and on a Hub without Xet. */
const REPO = 'bench/xet';
const PLAIN_REPO = 'bench/plain';
const PATH = 'weights.safetensors';
const REFERENCE = 'haulyard --transport xet';

/** Weights in bf16 from a Hub with Xet storage, by both transports and by the official clients. */
export const XET: Group = {
  name: 'xet',
  // The file, and the copy of the running contestant; the Hub has the packed chunks in memory.
  neededBytes: (bench) => 2 * sizeOf(bench),
  run,
};

const sizeOf = ({ quick, sizeBytes }: Pick<Bench, 'quick' | 'sizeBytes'>): number =>
  sizeBytes ?? (quick ? 2 ** 29 : 2 * 2 ** 30);

/** Haulyard with a transport. `repo` replaces the one that the others download. */
function haulyardBy(transport: string, name = `haulyard --transport ${transport}`, repo = REPO): Contestant {
  const argv: Contestant['argv'] = (target) => haulyardArgv({ ...target, repo }, ['--transport', transport]);
  return { name, verifies: true, needs: [], argv };
}

async function run(bench: Bench): Promise<GroupResult> {
  const file = await makeWeights(join(bench.folder, 'xet-source'), sizeOf(bench), 'xet');
  try {
    return await contest(file, bench);
  } finally {
    await rm(file.file, { force: true });
  }
}

async function contest(file: SourceFile, bench: Bench): Promise<GroupResult> {
  const { folder, log, quick } = bench;
  const files = { [PATH]: file };
  await using site = await openHubSite(
    [
      { id: REPO, files, xet: { scheme: 'grouped-lz4' } },
      { id: PLAIN_REPO, files },
    ],
    {},
  );
  log('xet: the Hub packs the chunks');
  await fetch(`${site.hubUrl}/${REPO}/resolve/main/${PATH}`, { method: 'HEAD', redirect: 'manual' });
  const { able, missing } = await contestants();
  const target = { repo: REPO, path: PATH, sha256: file.sha256, pieceBytes: null, patient: false };
  const series = await compare({
    title: `xet, ${showSize(file.size)}`,
    contestants: able,
    rounds: bench.rounds ?? (quick ? 1 : 3),
    run: (contestant) => measureContestant(contestant, { site, target, folder, limitSeconds: LIMIT_SECONDS }),
    log,
  });
  const summaries = summarize(series, REFERENCE);
  return {
    tables: [tableOf(summaries, file.size)],
    notes: [`The ratio is the time against that of ${REFERENCE} in the same round.`, ...missing],
    data: { bytes: file.size, summaries, series },
  };
}

async function contestants() {
  const ours = [
    haulyardBy('xet', REFERENCE),
    haulyardBy('auto'),
    haulyardBy('http'),
    haulyardBy('http', 'haulyard, no Xet on the Hub', PLAIN_REPO),
  ];
  const { bin, reason } = await judgesEnvironment();
  const python = bin === null ? [] : [hfXet(bin, false), hfXet(bin, true)];
  const { able, missing } = await present([...ours, ...python, HUGGINGFACE]);
  return { able, missing: reason === null ? missing : [...missing, `hf_xet is left out: ${reason}.`] };
}

function tableOf(summaries: readonly Summary[], bytes: number): Table {
  return {
    title: `Xet: ${showSize(bytes)} of bf16 weights from the local Hub, over loopback`,
    columns: ['', 's to verified', 'ratio', 'MB/s', 'CPU s', 'peak MB', 'wire MB', 'note'],
    rows: summaries.map(({ name, medianSeconds, ratio, cpuSeconds, peakBytes, wireBytes, problems }) => [
      name,
      showSeconds(medianSeconds),
      showRatio(ratio),
      showMegabytes(medianSeconds === null ? null : bytes / medianSeconds),
      showSeconds(cpuSeconds),
      showMegabytes(peakBytes),
      showMegabytes(wireBytes),
      problems.join('; '),
    ]),
  };
}
