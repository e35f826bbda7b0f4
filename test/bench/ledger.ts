/**
 * What the ledger costs: `node test/bench/ledger.ts [--chunks N] [--commits N] [--json]`.
 * Makes a ledger with the chunks of a 1 TB model in a temporary folder, opens it after a clean and after an unclean end, and
 * commits one chunk again and again. Goals: open in less than 200 ms, commit in less than 1 ms.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CheckedChunkRow } from '../../src/engine/ledger/chunks.ts';
import { LEDGER_FILE, type Ledger, openLedger } from '../../src/engine/ledger/ledger.ts';
import { checksOf } from '../../src/shared/model/block.ts';

const CHUNK_BYTES = 52_428_800;
const OPENINGS = 9;

/** Times of one kind of work in milliseconds. */
interface Measured {
  readonly name: string;
  readonly samples: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** What the median must stay below; null where nothing was promised. */
  readonly goalMs: number | null;
}

const { values } = parseArgs({
  options: {
    chunks: { type: 'string', default: '20000' },
    commits: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
    /** Opens the ledger of this folder, commits, and waits to be killed. */
    die: { type: 'string' },
  },
});

async function main(chunks: number, commits: number, json: boolean): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-bench-'));
  try {
    await fill(folder, chunks);
    const results = [
      await measureOpenings('open after a clean end', folder, async () => undefined),
      await measureOpenings('open after a kill (log replayed, checked)', folder, () => killOwner(folder)),
      ...(await measureCommits(folder, chunks, commits)),
    ];
    const { size } = await stat(join(folder, LEDGER_FILE));
    if (json) console.log(JSON.stringify({ chunks, ledgerBytes: size, results }));
    else console.log(`${chunks} chunks, ledger of ${(size / 1e6).toFixed(1)} MB\n\n${table(results)}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const open = (dataDir: string, runId: string): Promise<Ledger> =>
  openLedger({
    dataDir,
    runId,
    program: 'the benchmark',
    now: Date.now,
    log: (level, message) => console.error(level, message),
    onLost: () => console.error('the ledger was lost'),
  });

const wholeChunk = (index: number, digit = 'a'): CheckedChunkRow => ({
  index,
  received: [{ start: index * CHUNK_BYTES, end: (index + 1) * CHUNK_BYTES }],
  sha256: digit.repeat(64),
  suspect: false,
  checks: checksOf(
    { start: index * CHUNK_BYTES, end: (index + 1) * CHUNK_BYTES },
    Array.from({ length: 50 }, (_, block) => index + block),
  ),
});

const blobOf = (ledger: Ledger, chunks: number): number =>
  ledger.blobs.ensure({
    folder: '/cache/models--org--huge',
    hash: 'b'.repeat(64),
    algorithm: 'sha256',
    size: chunks * CHUNK_BYTES,
    chunkBytes: CHUNK_BYTES,
  }).id;

async function fill(folder: string, chunks: number): Promise<void> {
  const ledger = await open(folder, 'fill');
  ledger.transaction(() => {
    const rows = Array.from({ length: chunks }, (_, index) => wholeChunk(index));
    ledger.chunks.save(blobOf(ledger, chunks), rows);
  });
  await ledger.close();
}

async function measureOpenings(name: string, folder: string, before: () => Promise<void>): Promise<Measured> {
  const times: number[] = [];
  for (let count = 0; count < OPENINGS; count += 1) {
    await before();
    const startedMs = performance.now();
    const ledger = await open(folder, `open-${count}`);
    times.push(performance.now() - startedMs);
    await ledger.close();
  }
  return summary(name, times, 200);
}

/** Leaves a lock and a log of some hundred commits behind, as a crash does. */
async function killOwner(folder: string): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, '--die', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function dieWith(folder: string): Promise<void> {
  const ledger = await open(folder, `victim-${process.pid}`);
  for (let index = 0; index < 200; index += 1) ledger.settings.set({ limitBytesPerSecond: index + 1 });
  process.stdout.write('ready');
  setInterval(() => undefined, 1000);
}

async function measureCommits(folder: string, chunks: number, commits: number): Promise<Measured[]> {
  const ledger = await open(folder, 'commits');
  const blobId = blobOf(ledger, chunks);
  const checkpoint = (count: number) => ({
    chunks: [{ blobId, rows: [wholeChunk((count * 7919) % chunks, 'c')] }],
    counters: [],
  });
  const alone: number[] = [];
  const durable: number[] = [];
  for (let count = 0; count < commits; count += 1) {
    const [entry] = checkpoint(count).chunks;
    const startedMs = performance.now();
    ledger.transaction(() => ledger.chunks.save(blobId, entry?.rows ?? []));
    alone.push(performance.now() - startedMs);
  }
  for (let count = 0; count < commits; count += 1) {
    const startedMs = performance.now();
    await ledger.commit(checkpoint(count));
    durable.push(performance.now() - startedMs);
  }
  await ledger.close();
  return [
    summary('commit a chunk: transaction alone', alone, 1),
    summary('commit a chunk: with the sync (asynchronous)', durable, null),
  ];
}

function summary(name: string, times: readonly number[], goalMs: number | null): Measured {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { name, samples: sorted.length, medianMs: at(0.5), p99Ms: at(0.99), maxMs: at(1), goalMs };
}

function table(results: readonly Measured[]): string {
  const ms = (value: number) => `${value.toFixed(value < 1 ? 3 : 1)} ms`;
  const rows = results.map(({ name, samples, medianMs, p99Ms, maxMs, goalMs }) => [
    name,
    String(samples),
    ms(medianMs),
    ms(p99Ms),
    ms(maxMs),
    goalMs === null ? '' : `< ${goalMs} ms ${medianMs < goalMs ? 'met' : 'MISSED'}`,
  ]);
  const lines = [['', 'times', 'median', 'p99', 'max', 'goal (median)'], ...rows];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

if (values.die === undefined) await main(Number(values.chunks), Number(values.commits), values.json);
else await dieWith(values.die);
