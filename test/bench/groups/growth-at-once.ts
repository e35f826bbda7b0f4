import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, GroupResult } from '../bench.ts';
import { measurementOf, settle } from '../measure/measure-contestant.ts';
import type { Measurement } from '../measure/measurement.ts';
import { runCommand } from '../measure/run-command.ts';
import { showMegabytes, showSeconds, showSize } from '../results/show.ts';
import { makeFile } from '../server/make-file.ts';
import { openFastSite, type SiteRepository } from '../server/site.ts';

const COUNTS = [1, 4, 16];
/** All downloads of one run together, so that the runs can be compared. */
const TOTAL_BYTES = { quick: 128 * 2 ** 20, full: 2 ** 30 };
const LIMIT_SECONDS = 300;
const DRIVER = fileURLToPath(new URL('./drive-engine.ts', import.meta.url));
const CATALOG = fileURLToPath(new URL('../../../resources/catalog.json', import.meta.url));

/** The same number of bytes in 1, 4 and 16 downloads at once. */
export async function atOnceTable(bench: Bench): Promise<GroupResult> {
  const total = bench.quick ? TOTAL_BYTES.quick : TOTAL_BYTES.full;
  const runs: { count: number; measured: Measurement }[] = [];
  for (const count of COUNTS) {
    bench.log(`growth: ${count} downloads at once`);
    runs.push({ count, measured: await measure(count, total, bench.folder) });
  }
  return {
    tables: [
      {
        title: `Growth: ${showSize(total)} in several downloads at once, auto`,
        columns: ['downloads', 's to verified', 'MB/s', 'CPU s', 'peak MB', 'note'],
        rows: runs.map(({ count, measured: { seconds, cpuSeconds, peakBytes, problem } }) => [
          String(count),
          showSeconds(seconds),
          showMegabytes(total / seconds),
          showSeconds(cpuSeconds),
          showMegabytes(peakBytes),
          problem ?? '',
        ]),
      },
    ],
    notes: ['These run the engine from its sources, as the command line runs one download at a time.'],
    data: runs,
  };
}

async function measure(count: number, total: number, folder: string): Promise<Measurement> {
  const own = await mkdtemp(join(folder, 'at-once-'));
  try {
    const repositories: SiteRepository[] = [];
    for (let index = 0; index < count; index += 1) {
      const source = await makeFile(
        join(own, `source-${index}`),
        Math.floor(total / count),
        `at once ${index}`,
      );
      repositories.push({ id: `bench/at-once-${index}`, files: { 'weights.bin': source } });
    }
    await using site = await openFastSite(repositories, own);
    await settle();
    const argv = [process.execPath, DRIVER, site.hubUrl, own, CATALOG, ...repositories.map(({ id }) => id)];
    const end = await runCommand({ argv, limitSeconds: LIMIT_SECONDS }, join(own, 'usage'));
    return measurementOf(end, null, LIMIT_SECONDS);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
