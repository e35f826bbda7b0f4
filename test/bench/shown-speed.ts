import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatBytes } from '../../src/shared/format/bytes.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import { openWorld, type TestEngine } from '../integration/harness.ts';
import { contentRequests } from '../integration/on-disk.ts';
import { oneFile } from '../integration/repositories.ts';

/**
 * Measures the accuracy of the speed shown two seconds after a change: `node test/bench/shown-speed.ts`. It is compared
 * with the bytes that were read from the connections in the second and a half before. What the local Hub sent in the
 * same time is shown next to it; that is more while a limit lets the buffers of the system fill. Takes two minutes;
 * exit code 1 when a row is off by more than 15 %.
 */

const MIB = 2 ** 20;
/** Speed of the line, bytes per second. */
const RATE = 6_000_000;
const LIMIT = 2_500_000;
/** After this, in milliseconds, the number must be true, and over so long it is looked at and compared. */
const AFTER_MS = 2000;
const LOOK_MS = 500;
const WINDOW_MS = 1500;
/** How far it may be off. */
const ALLOWED = 0.15;
const PAUSE_MS = 30_000;
const OUTAGE_MS = 10_000;

const FIRST = oneFile(600 * MIB, 'org/one');
const SECOND = oneFile(600 * MIB, 'org/two', 'other');
const repositories = [FIRST, SECOND];
const conditions = { totalBytesPerSecond: RATE };

interface Row {
  readonly what: string;
  readonly sent: number;
  readonly arrives: number;
  readonly shown: number;
}

/** Bytes of one repository that left the servers. */
const sent = (hub: Hub, repo: string): number =>
  contentRequests(hub)
    .filter((request) => request.repo === repo)
    .reduce((sum, { bytesSent }) => sum + bytesSent, 0);

/** From the first byte on. */
async function look(what: string, engine: TestEngine, hub: Hub, id: string, repo: string): Promise<Row> {
  const from = sent(hub, repo);
  while (sent(hub, repo) === from) await sleep(10);
  const startMs = performance.now();
  const counts: { readonly ms: number; readonly sent: number; readonly arrived: number }[] = [];
  const shown: number[] = [];
  while (performance.now() < startMs + AFTER_MS + LOOK_MS) {
    await sleep(50);
    const { stats, bytesPerSecond } = await engine.view(id);
    counts.push({ ms: performance.now(), sent: sent(hub, repo), arrived: stats.downloadedBytes });
    if (performance.now() >= startMs + AFTER_MS) shown.push(bytesPerSecond);
  }
  const last = counts.at(-1);
  const first = counts.findLast(({ ms }) => ms <= (last?.ms ?? 0) - WINDOW_MS);
  if (!first || !last) throw new Error('It was not looked at for long enough.');
  const rate = (of: 'sent' | 'arrived') => ((last[of] - first[of]) * 1000) / (last.ms - first.ms);
  const mean = shown.reduce((sum, speed) => sum + speed, 0) / shown.length;
  return { what, sent: rate('sent'), arrives: rate('arrived'), shown: mean };
}

async function oneDownload(): Promise<readonly Row[]> {
  await using world = await openWorld(repositories, { conditions });
  const engine = await world.open();
  const id = await engine.add({ reference: FIRST.id });
  const at = (what: string) => look(what, engine, world.hub, id, FIRST.id);
  const rows = [await at('the start')];
  await engine.call('downloads.pause', { id });
  await sleep(PAUSE_MS);
  await engine.call('downloads.resume', { id });
  rows.push(await at(`a pause of ${PAUSE_MS / 1000} s`));
  await engine.call('settings.set', { limitBytesPerSecond: LIMIT });
  rows.push(await at(`a limit of ${formatBytes(LIMIT)}/s`));
  await engine.call('settings.set', { limitBytesPerSecond: null });
  rows.push(await at('the limit taken away'));
  return rows;
}

async function outage(): Promise<readonly Row[]> {
  await using world = await openWorld([]);
  const port = await freePort();
  const early = await startHub({ repositories, port, conditions });
  const engine = await world.open({ endpoint: early.url });
  const id = await engine.add({ reference: FIRST.id });
  await look('before', engine, early, id, FIRST.id);
  await early.close();
  await sleep(OUTAGE_MS);
  await using late = await startHub({ repositories, port, conditions });
  return [await look(`an outage of ${OUTAGE_MS / 1000} s`, engine, late, id, FIRST.id)];
}

async function twoDownloads(): Promise<readonly Row[]> {
  await using world = await openWorld(repositories, { conditions });
  const engine = await world.open();
  const first = await engine.add({ reference: FIRST.id });
  await look('before', engine, world.hub, first, FIRST.id);
  const second = await engine.add({ reference: SECOND.id });
  while (sent(world.hub, SECOND.id) === 0) await sleep(10);
  return await Promise.all([
    look('a second download joined: the first', engine, world.hub, first, FIRST.id),
    look('a second download joined: the second', engine, world.hub, second, SECOND.id),
  ]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

const rows = [...(await oneDownload()), ...(await outage()), ...(await twoDownloads())];
const off = ({ arrives, shown }: Row) => shown / arrives - 1;
console.log('| 2 s after | Sent by the Hub | Arrives | Shown | Off |\n|---|---:|---:|---:|---:|');
for (const row of rows) {
  const speed = (bytes: number) => `${formatBytes(Math.round(bytes))}/s`;
  const cells = [
    row.what,
    ...[row.sent, row.arrives, row.shown].map(speed),
    `${(100 * off(row)).toFixed(1)} %`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
process.exit(rows.every((row) => Math.abs(off(row)) <= ALLOWED) ? 0 : 1);
