import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { blobsFolder, PARTIAL_SUFFIX } from '../../src/engine/cache/layout.ts';
import { type Outcome, type Place, runCommandLine } from '../crash/command-line.ts';
import { sha256Of } from '../crash/kill-again-and-again.ts';
import { cutAfterBytes, flipBytes } from '../hub/faults/constructors.ts';
import { PARAKEET } from '../hub/fixtures/parakeet.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import { flipByte } from '../integration/on-disk.ts';

/**
 * What one wrong byte costs in a file of 2.5 GB, in flight and at rest: `node test/faults/large-file.ts [--root FOLDER]`.
 * Needs `npm run build`, and 3 GB of room.
 */
const FILE = 'model.safetensors';
const SIZE = PARAKEET.files?.reduce((most, file) => Math.max(most, 'size' in file ? file.size : 0), 0) ?? 0;
const AT = 1_300_000_000;
/** The chunk of 50 MiB in which {@link AT} lies. */
const CHUNK_START = Math.floor(AT / 52_428_800) * 52_428_800;
const DOWNLOAD = ['download', PARAKEET.id];

const { values } = parseArgs({
  options: { root: { type: 'string', default: join(tmpdir(), 'haulyard-large') } },
});
const hub = await startHub({ repositories: [PARAKEET] });
try {
  await inFlight('a byte flipped in flight, on a calm line', hub, []);
  await inFlight('a byte flipped in flight, in a chunk whose connection was cut', hub, [
    { match: { origin: 'cdn', file: FILE, rangeStart: CHUNK_START }, ...cutAfterBytes(45_000_000) },
  ]);
  await atRest(hub);
} finally {
  await hub.close();
  await rm(values.root, { recursive: true, force: true });
}

async function inFlight(
  what: string,
  { faults }: Hub,
  more: Parameters<Hub['faults']['add']>[0][],
): Promise<void> {
  faults.clear();
  faults.add({ match: { origin: 'cdn', file: FILE, covers: AT }, ...flipBytes(AT) });
  for (const fault of more) faults.add(fault);
  const before = sentBytes();
  const outcome = await runCommandLine(DOWNLOAD, await freshPlace()).ended;
  await report(what, outcome, sentBytes() - before - SIZE);
}

async function atRest({ faults }: Hub): Promise<void> {
  faults.clear();
  const place = await freshPlace();
  const before = sentBytes();
  await runCommandLine(DOWNLOAD, place, (event, program) => {
    if (event.event === 'progress' && event.chunksDone > 30) program.signal('SIGTERM');
  }).ended;
  const blobs = blobsFolder(place.cacheDir, PARAKEET.id);
  const names = await readdir(blobs);
  const partials = names.filter((name) => name.endsWith(PARTIAL_SUFFIX));
  for (const name of partials) await flipByte(join(blobs, name), 600_000_000);
  const outcome = await runCommandLine(DOWNLOAD, place).ended;
  await report('a byte flipped at rest, between two runs', outcome, sentBytes() - before - SIZE);
}

async function freshPlace(): Promise<Place> {
  await rm(values.root, { recursive: true, force: true });
  return { dataDir: join(values.root, 'data'), cacheDir: join(values.root, 'hub'), endpoint: hub.url };
}

function sentBytes(): number {
  return hub.requests
    .filter(({ origin, file }) => origin === 'cdn' && file === FILE)
    .reduce((sum, { bytesSent }) => sum + bytesSent, 0);
}

async function report(what: string, { code, events, milliseconds }: Outcome, beyond: number): Promise<void> {
  const done = events.find((event) => event.event === 'done');
  const file = done?.files.find(({ path }) => path === FILE);
  const isRight = file !== undefined && (await sha256Of(file.blob)) === file.hash;
  const repaired = events.filter((event) => event.event === 'repaired').length;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(
    `${what}: exit ${code}, ${isRight ? 'right file' : 'WRONG FILE'}, ${(milliseconds / 1000).toFixed(1)} s, ` +
      `${repaired} repaired, ${megabytes(beyond)} beyond the file (${(beyond / SIZE).toFixed(2)} passes), ` +
      `wasted as reported ${megabytes(done?.stats.wastedBytes ?? 0)}`,
  );
  if (code !== 0 || !isRight) process.exitCode = 1;
}
