import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgesEnvironment } from '../../judges/environment.ts';
import type { Bench, Group, GroupResult } from '../bench.ts';
import { HAULYARD_CLI } from '../contestants/haulyard.ts';
import { settle } from '../measure/measure-contestant.ts';
import { type CommandEnd, runCommand } from '../measure/run-command.ts';
import { showMegabytes, showRatio, showSeconds, showSize } from '../results/show.ts';
import { median } from '../results/statistics.ts';
import type { Table } from '../results/table.ts';
import { forgetPages, runFloor } from './quantize-floor.ts';
import { addLlama, addMoshi, type BenchSource } from './quantize-source.ts';

/** Without a size: enough to be more than a start, little enough for most disks. The real Moshi has 15.4 GB (`--size 15GiB`). */
const SIZE_BYTES = 4_000_000_000;
const LLAMA_BYTES = 2_000_000_000;
const QUICK_SHARE = 0.25;
const ROUNDS = 3;
const LIMIT_SECONDS = 1200;
const VARIANTS = ['q4', 'q8'] as const;
const CACHES = ['warm', 'cold'] as const;
const MLX_REQUIREMENTS = fileURLToPath(new URL('../../judges/requirements-mlx.txt', import.meta.url));

const scaled = (bytes: number, { quick }: Pick<Bench, 'quick'>): number =>
  quick ? bytes * QUICK_SHARE : bytes;
const sizeOf = (bench: Pick<Bench, 'quick' | 'sizeBytes'>): number =>
  bench.sizeBytes ?? scaled(SIZE_BYTES, bench);

/**
 * Building Q4 and Q8 of a Moshi, compared with the minimum that reading, writing and hashing take; and a llama compared
 * with mlx-lm.
 */
export const QUANTIZE: Group = {
  name: 'quantize',
  // A source, what is made of it, and a copy of that; Q8 has somewhat more than half of the source.
  neededBytes: (bench) => 2.2 * sizeOf(bench) + 2.2 * scaled(LLAMA_BYTES, bench),
  run,
};

interface Run {
  readonly variant: (typeof VARIANTS)[number];
  readonly cache: (typeof CACHES)[number];
  readonly ours: CommandEnd;
  readonly floor: CommandEnd;
}

async function run(bench: Bench): Promise<GroupResult> {
  const cacheDir = join(bench.folder, 'quantize-hub');
  try {
    bench.log('quantize: writing a Moshi');
    const moshi = await addMoshi(cacheDir, sizeOf(bench));
    const runs = await measureMoshi(moshi, cacheDir, bench);
    await rm(cacheDir, { recursive: true });
    const llama = await besideMlx(cacheDir, bench);
    return {
      tables: [moshiTable(moshi, runs), ...llama.tables],
      notes: [
        'The floor: two processes read the source and write the output, and hash the source meanwhile; then the output is hashed. No arithmetic.',
        'The ratio is the median over the rounds of our time against the floor of the same round; CPU counts all threads.',
        ...llama.notes,
      ],
      data: { moshi: { bytes: moshi.bytes, runs }, llama: llama.data },
    };
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}

async function measureMoshi(source: BenchSource, cacheDir: string, bench: Bench): Promise<Run[]> {
  const runs: Run[] = [];
  const rounds = bench.rounds ?? (bench.quick ? 1 : ROUNDS);
  for (const variant of VARIANTS) {
    for (let round = 0; round < rounds; round += 1) {
      for (const cache of CACHES) {
        const { ours, floor } = await pair(source, variant, cache, cacheDir, bench);
        runs.push({ variant, cache, ours, floor });
        const both = `${showSeconds(ours.seconds)} s, floor ${showSeconds(floor.seconds)} s`;
        const ratio = showRatio(ours.seconds / floor.seconds);
        bench.log(`quantize: ${variant}, ${cache}, round ${round + 1}: ${both}, ${ratio}`);
      }
    }
  }
  return runs;
}

/** Ours, and then the floor with what ours has made. */
async function pair(
  source: BenchSource,
  variant: Run['variant'],
  cache: Run['cache'],
  cacheDir: string,
  { folder }: Bench,
): Promise<Pick<Run, 'ours' | 'floor'>> {
  const own = await mkdtemp(join(folder, 'quantize-'));
  const prepare = async () => {
    await settle();
    if (cache === 'cold') await forgetPages(source.file, own);
    else await readFully(source.file, own);
  };
  try {
    await prepare();
    const ours = await quantize(source.repo, variant, cacheDir, own);
    const made = join(own, 'made', `${source.repo}-${variant}`, `model.${variant}.safetensors`);
    await prepare();
    const floor = await runFloor(source.file, made, own, LIMIT_SECONDS);
    return { ours, floor: requireDone('the floor', floor) };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

const readFully = (file: string, own: string): Promise<CommandEnd> =>
  runCommand({ argv: ['dd', `if=${file}`, 'of=/dev/null', 'bs=8M'], limitSeconds: 600 }, join(own, 'usage'));

async function quantize(repo: string, variant: string, cacheDir: string, own: string): Promise<CommandEnd> {
  const places = ['--cache-dir', cacheDir, '--data-dir', join(own, 'data'), '--output', join(own, 'made')];
  const argv = [process.execPath, HAULYARD_CLI, 'quantize', repo, '--variant', variant, '--json', ...places];
  return requireDone('haulyard', await runCommand({ argv, limitSeconds: LIMIT_SECONDS }, join(own, 'usage')));
}

function requireDone(who: string, end: CommandEnd): CommandEnd {
  if (end.code === 0) return end;
  throw new Error(`${who} ended with ${end.tooSlow ? 'the time limit' : end.code}: ${end.errors}`);
}

function moshiTable({ bytes }: BenchSource, runs: readonly Run[]): Table {
  const rows = VARIANTS.flatMap((variant) =>
    CACHES.map((cache) => {
      const own = runs.filter((each) => each.variant === variant && each.cache === cache);
      const of = (pick: (run: Run) => number | null) => middle(own.map(pick));
      const seconds = of(({ ours }) => ours.seconds);
      const peak = Math.max(...own.map(({ ours }) => ours.usage?.peakBytes ?? 0));
      return [
        `${variant}, ${cache}`,
        showSeconds(seconds),
        seconds === null ? '-' : (bytes / 1e6 / seconds).toFixed(0),
        showSeconds(of(({ ours }) => ours.usage?.cpuSeconds ?? null)),
        showMegabytes(peak === 0 ? null : peak),
        showSeconds(of(({ floor }) => floor.seconds)),
        showSeconds(of(({ floor }) => floor.usage?.cpuSeconds ?? null)),
        showRatio(of(({ ours, floor }) => ours.seconds / floor.seconds)),
      ];
    }),
  );
  return {
    title: `Making Q4 and Q8 of a Moshi of ${showSize(bytes)}`,
    columns: ['variant, page cache', 's', 'MB/s', 'CPU s', 'peak MB', 'floor s', 'floor CPU s', 'ratio'],
    rows,
  };
}

/** The median; null when something could not be measured. */
function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : median(known);
}

/** A llama made by us and by mlx-lm, each in a process of its own. */
async function besideMlx(cacheDir: string, bench: Bench): Promise<GroupResult> {
  const { bin, reason } = await judgesEnvironment(MLX_REQUIREMENTS);
  if (bin === null) return { tables: [], notes: [`mlx_lm.convert is left out: ${reason}.`], data: null };
  bench.log('quantize: a llama, beside mlx_lm.convert');
  const llama = await addLlama(cacheDir, scaled(LLAMA_BYTES, bench));
  const own = await mkdtemp(join(bench.folder, 'quantize-mlx-'));
  try {
    await settle();
    const ours = await quantize(llama.repo, 'q4', cacheDir, own);
    await settle();
    const convert = ['--hf-path', llama.snapshot, '--mlx-path', join(own, 'mlx'), '-q', '--q-bits', '4'];
    const argv = [join(bin, 'python'), '-m', 'mlx_lm', 'convert', ...convert];
    const env = { HF_HUB_OFFLINE: '1' };
    const theirs = requireDone(
      'mlx_lm.convert',
      await runCommand({ argv, env, limitSeconds: LIMIT_SECONDS }, join(own, 'usage')),
    );
    const row = (name: string, { seconds, usage }: CommandEnd) => [
      name,
      showSeconds(seconds),
      showSeconds(usage?.cpuSeconds ?? null),
      showMegabytes(usage?.peakBytes ?? null),
    ];
    return {
      tables: [
        {
          title: `Q4 of a llama of ${showSize(llama.bytes)}`,
          columns: ['program', 's', 'CPU s', 'peak MB'],
          rows: [row('haulyard quantize', ours), row('mlx_lm.convert -q (CPU)', theirs)],
        },
      ],
      notes: ['mlx_lm.convert runs on the CPU here and checks nothing; on a Mac it uses the GPU.'],
      data: { bytes: llama.bytes, ours, theirs },
    };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
