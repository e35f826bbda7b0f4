import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { haulyardArgv } from '../contestants/haulyard.ts';
import { WEAK_LINES, type WeakLine } from '../groups/weak-lines.ts';
import { runCommand } from '../measure/run-command.ts';
import { WATCH_MS, watchTransfer } from '../measure/watch-transfer.ts';
import { makeFile } from '../server/make-file.ts';
import { openHubSite } from '../server/site.ts';

/**
 * Records what each weak line of the benchmark carries with each number of streams, for the tests of the controller that
 * chooses the number: `node test/bench/traces/record.ts` after a build. Runs each for {@link SECONDS}, all lines at the same
 * time, and writes one JSON file for each line.
 */
const SECONDS = 24;
const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const TARGET = fileURLToPath(new URL('../../../src/engine/transfer/traces/', import.meta.url));
/** More than the network can carry in that time, so that no run ends by itself. */
const ROOM = 1.3;

async function record(line: WeakLine, streams: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-trace-'));
  try {
    const file = await makeFile(join(folder, 'source'), line.bestBytesPerSecond * SECONDS * ROOM, line.name);
    const files = join(folder, 'files');
    await mkdir(files);
    const { conditions, crowding, chunkBytes } = line;
    const repositories = [{ id: 'bench/trace', files: { 'weights.bin': file } }];
    await using site = await openHubSite(repositories, { conditions, crowding, seed: streams });
    const wanted = { hubUrl: site.hubUrl, repo: 'bench/trace', folder: files, pieceBytes: chunkBytes };
    const argv = haulyardArgv(wanted, ['--workers', String(streams)]);
    const done = new AbortController();
    const watching = watchTransfer(site, done.signal);
    await runCommand({ argv, limitSeconds: SECONDS, cwd: folder }, join(folder, 'usage'));
    done.abort();
    const points = await watching;
    const first = points.findIndex(({ bytes }) => bytes > 0);
    return points.slice(first).map(({ bytes }, index) => bytes - (points[first + index - 1]?.bytes ?? 0));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function recordLine(line: WeakLine): Promise<void> {
  const bytes: Record<string, number[]> = {};
  for (const streams of COUNTS) bytes[streams] = await record(line, streams);
  const file = join(TARGET, `${line.name.replaceAll(' ', '-')}.json`);
  const rows = COUNTS.map((streams) => `    "${streams}": ${JSON.stringify(bytes[streams])}`).join(',\n');
  const { name, meaning } = line;
  const head = JSON.stringify({ line: name, meaning, tickMs: WATCH_MS })
    .slice(1, -1)
    .replaceAll(',"', ',\n  "');
  await writeFile(file, `{\n  ${head},\n  "bytes": {\n${rows}\n  }\n}\n`);
}

await mkdir(TARGET, { recursive: true });
await Promise.all(WEAK_LINES.map(recordLine));
