import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, GroupResult } from '../bench.ts';
import { haulyardArgv } from '../contestants/haulyard.ts';
import { settle } from '../measure/measure-contestant.ts';
import { requireDone, runHaulyard } from '../measure/run-haulyard.ts';
import { showMegabytes, showMilliseconds, showSeconds } from '../results/show.ts';
import { makeSparseFile } from '../server/make-file.ts';
import { openFastSite } from '../server/site.ts';

/** The smallest chunk that the engine allows: the cost of a chunk shows best. */
const CHUNK_BYTES = 2 ** 20;
const COUNTS = { quick: [10, 100, 400], full: [10, 100, 1000, 5000, 20_000] };
const LIMIT_SECONDS = 600;
const REPO = 'bench/chunks';

/** The largest file of {@link chunksTable}; its source takes no room. */
export function largestGrowthBytes(quick: boolean): number {
  return Math.max(...(quick ? COUNTS.quick : COUNTS.full)) * CHUNK_BYTES;
}

/** Downloads of more and more chunks of the same size: time and memory for each chunk. */
export async function chunksTable(bench: Bench): Promise<GroupResult> {
  const rows: { chunks: number; seconds: number; cpuSeconds: number | null; peakBytes: number | null }[] = [];
  for (const chunks of bench.quick ? COUNTS.quick : COUNTS.full) {
    bench.log(`growth: ${chunks} chunks`);
    rows.push(await measure(chunks, bench.folder));
  }
  const perChunk = (value: number | null, chunks: number) =>
    value === null ? null : (value * 1000) / chunks;
  return {
    tables: [
      {
        title: 'Growth: chunks of 1 MiB, on a fast line',
        columns: ['chunks', 's to verified', 'ms a chunk', 'CPU s', 'CPU ms a chunk', 'peak MB'],
        rows: rows.map(({ chunks, seconds, cpuSeconds, peakBytes }) => [
          String(chunks),
          showSeconds(seconds),
          showMilliseconds(perChunk(seconds, chunks)),
          showSeconds(cpuSeconds),
          showMilliseconds(perChunk(cpuSeconds, chunks)),
          showMegabytes(peakBytes),
        ]),
      },
    ],
    notes: ['With few chunks the start of the program counts most.'],
    data: rows,
  };
}

async function measure(chunks: number, folder: string) {
  const own = await mkdtemp(join(folder, 'chunks-'));
  try {
    const source = await makeSparseFile(join(own, 'source'), chunks * CHUNK_BYTES);
    await using site = await openFastSite([{ id: REPO, files: { 'weights.bin': source } }], own);
    await settle();
    const target = { hubUrl: site.hubUrl, repo: REPO, folder: own, pieceBytes: CHUNK_BYTES };
    const argv = haulyardArgv(target, ['--profile', 'fast']);
    const run = await runHaulyard({ argv, folder: own, limitSeconds: LIMIT_SECONDS });
    requireDone(run);
    const { seconds, usage } = run;
    return { chunks, seconds, cpuSeconds: usage?.cpuSeconds ?? null, peakBytes: usage?.peakBytes ?? null };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
