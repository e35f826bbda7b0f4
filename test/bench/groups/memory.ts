import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Group, GroupResult } from '../bench.ts';
import { haulyardArgv } from '../contestants/haulyard.ts';
import { settle } from '../measure/measure-contestant.ts';
import { requireDone, runHaulyard } from '../measure/run-haulyard.ts';
import { showMegabytes, showMilliseconds, showSeconds, showSize } from '../results/show.ts';
import { makeFile } from '../server/make-file.ts';
import { openFastSite, type Site } from '../server/site.ts';

const STREAMS = [1, 10, 16];
const LIMIT_SECONDS = 300;
const REPO = 'bench/memory';
const PROBE = new URL('../measure/event-loop-probe.ts', import.meta.url).href;

/** Memory of our process on a fast line, and how long its event loop is kept busy. */
/** Size of the file of this group. */
const sizeOf = ({ quick, sizeBytes }: Pick<Bench, 'quick' | 'sizeBytes'>): number =>
  sizeBytes ?? (quick ? 2 ** 29 : 2 * 2 ** 30);

export const MEMORY: Group = { name: 'memory', neededBytes: (bench) => 2 * sizeOf(bench), run };

interface Row {
  readonly streams: number;
  readonly seconds: number;
  readonly peakBytes: number | null;
  readonly delay: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };
  readonly secondsAfterLastByte: number;
}

async function run(bench: Bench): Promise<GroupResult> {
  const { folder, log } = bench;
  const source = await makeFile(join(folder, 'memory-source'), sizeOf(bench), 'memory');
  try {
    await using site = await openFastSite([{ id: REPO, files: { 'weights.bin': source } }], folder);
    const rows: Row[] = [];
    for (const streams of STREAMS) {
      log(`memory: ${streams} streams`);
      rows.push(await measure(streams, site, folder));
    }
    return {
      tables: [
        {
          title: `Memory and event loop: ${showSize(source.size)} on a fast line`,
          columns: [
            'streams',
            's',
            'peak MB',
            'delay p50 ms',
            'delay p99 ms',
            'delay max ms',
            's after last byte',
          ],
          rows: rows.map(({ streams, seconds, peakBytes, delay, secondsAfterLastByte }) => [
            String(streams),
            showSeconds(seconds),
            showMegabytes(peakBytes),
            ...[delay.p50Ms, delay.p99Ms, delay.maxMs].map(showMilliseconds),
            showSeconds(secondsAfterLastByte),
          ]),
        },
      ],
      notes: [
        'The delay is that of the main thread from its start to its end, loading the program included.',
      ],
      data: rows,
    };
  } finally {
    await rm(source.file, { force: true });
  }
}

async function measure(streams: number, site: Site, folder: string): Promise<Row> {
  const own = await mkdtemp(join(folder, 'memory-'));
  try {
    await settle();
    const target = { hubUrl: site.hubUrl, repo: REPO, folder: own, pieceBytes: null };
    const argv = haulyardArgv(target, ['--workers', String(streams)], ['--import', PROBE]);
    const delayFile = join(own, 'delay');
    const env = { BENCH_EVENT_LOOP: delayFile };
    const ended = await runHaulyard({ argv, env, folder: own, limitSeconds: LIMIT_SECONDS });
    const { secondsAfterLastByte } = requireDone(ended).stats;
    const delay = JSON.parse(await readFile(delayFile, 'utf8'));
    const peakBytes = ended.usage?.peakBytes ?? null;
    return { streams, seconds: ended.seconds, peakBytes, delay, secondsAfterLastByte };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
