import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Group, GroupResult } from '../bench.ts';
import { ARIA2, ARIA2_UNCHECKED } from '../contestants/aria2.ts';
import { CURL } from '../contestants/curl.ts';
import { haulyard, haulyardStreams, REFERENCE } from '../contestants/haulyard.ts';
import { HUGGINGFACE } from '../contestants/huggingface.ts';
import { IPULL } from '../contestants/ipull.ts';
import { present } from '../contestants/programs.ts';
import { WGET } from '../contestants/wget.ts';
import { compare } from '../measure/compare.ts';
import { measureContestant } from '../measure/measure-contestant.ts';
import { comparisonTable } from '../results/comparison-table.ts';
import { showSize } from '../results/show.ts';
import { summarize } from '../results/summary.ts';
import { makeFile, type SourceFile } from '../server/make-file.ts';
import { openFastSite } from '../server/site.ts';

const OURS = [haulyard('auto'), ...[1, 5, 10].map(haulyardStreams)];
const PEERS = [CURL, ARIA2_UNCHECKED, ARIA2, WGET, HUGGINGFACE, IPULL];
const LIMIT_SECONDS = 300;
const REPO = 'bench/fast';
const PATH = 'weights.bin';

/** Sizes of a full run; time against size separates fixed costs from the rate. */
const SIZES = [2 ** 29, 2 * 2 ** 30, 8 * 2 ** 30];
const QUICK_SIZES = [2 ** 29];
/** Larger files add little the second time, and take minutes. */
const MAX_REPEATED_BYTES = 4 * 2 ** 30;

/** As fast as the machine: everybody over loopback, from process start to verified file. */
export const FAST: Group = {
  name: 'fast',
  // The file, and the copy of the running contestant.
  neededBytes: (bench) => 2 * Math.max(...sizesOf(bench)),
  run,
};

/** Sizes of the file of this group, one after the other. */
function sizesOf({ quick, sizeBytes }: Pick<Bench, 'quick' | 'sizeBytes'>): readonly number[] {
  if (sizeBytes !== null) return [sizeBytes];
  return quick ? QUICK_SIZES : SIZES;
}

async function run(bench: Bench): Promise<GroupResult> {
  const results = [];
  for (const bytes of sizesOf(bench)) results.push(await contestWith(bytes, bench));
  const [{ data }] = results as [(typeof results)[number]];
  return {
    tables: results.map(({ table }) => table),
    notes: results.flatMap(({ notes }) => notes).filter((note, at, all) => all.indexOf(note) === at),
    data: { ...data, sizes: results.map((each) => each.data) },
  };
}

async function contestWith(bytes: number, bench: Bench) {
  const file = await makeFile(join(bench.folder, 'fast-source'), bytes, 'fast');
  try {
    return await contest(file, bench);
  } finally {
    await rm(file.file, { force: true });
  }
}

function roundsOf({ rounds, quick }: Bench, bytes: number): number {
  return rounds ?? (quick || bytes > MAX_REPEATED_BYTES ? 1 : 3);
}

async function contest(file: SourceFile, bench: Bench) {
  const { folder, log } = bench;
  await using site = await openFastSite([{ id: REPO, files: { [PATH]: file } }], folder);
  const { able, missing } = await present([...OURS, ...PEERS]);
  const target = { repo: REPO, path: PATH, sha256: file.sha256, pieceBytes: null, patient: false };
  const series = await compare({
    title: `fast, ${showSize(file.size)}`,
    contestants: able,
    rounds: roundsOf(bench, file.size),
    run: (contestant) => measureContestant(contestant, { site, target, folder, limitSeconds: LIMIT_SECONDS }),
    log,
  });
  const title = `Fast line: ${showSize(file.size)} over loopback, served by ${site.server}`;
  const summaries = summarize(series, REFERENCE);
  return {
    table: comparisonTable(title, summaries, file.size),
    notes: [`The ratio is the time against that of ${REFERENCE} in the same round.`, ...missing],
    data: { bytes: file.size, server: site.server, summaries, series },
  };
}
