import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Bench, Group, GroupResult } from '../bench.ts';
import { HAULYARD_CLI, haulyardArgv } from '../contestants/haulyard.ts';
import { findProgram } from '../contestants/programs.ts';
import { requireDone, runHaulyard } from '../measure/run-haulyard.ts';
import { showMegabytes, showRatio, showSeconds, showSize } from '../results/show.ts';
import { median } from '../results/statistics.ts';
import { makeFile, type SourceFile } from '../server/make-file.ts';
import { startNginx } from '../server/nginx.ts';
import { openFastSite } from '../server/site.ts';

const REPO = 'bench/serve';
const PATH = 'weights.bin';
const LIMIT_SECONDS = 300;
const ROUNDS = 5;
/** Readers at once, when memory is measured; each takes its part of the file. */
const READERS = 32;

const sizeOf = ({ quick, sizeBytes }: Pick<Bench, 'quick' | 'sizeBytes'>): number =>
  sizeBytes ?? (quick ? 2 ** 29 : 2 * 2 ** 30);

/** `haulyard serve` beside nginx: the same file to curl over loopback, from the page cache, and memory with many readers. */
export const SERVE: Group = { name: 'serve', neededBytes: (bench) => 2 * sizeOf(bench), run };

async function run(bench: Bench): Promise<GroupResult> {
  const program = await findProgram('nginx');
  if (program === null)
    return { tables: [], notes: ['nginx is not installed; nothing was compared.'], data: null };
  const source = await makeFile(join(bench.folder, 'serve-source'), sizeOf(bench), 'serve');
  const own = await mkdtemp(join(bench.folder, 'serve-'));
  try {
    await download(source, own);
    const root = join(own, 'root');
    await mkdir(root);
    await symlink(source.file, join(root, PATH));
    await using nginx = await startNginx(program, root, join(own, 'nginx'));
    await using served = await startServe(own);
    const urls = { nginx: `${nginx.url}/${PATH}`, serve: `${served.url}/${REPO}/resolve/main/${PATH}` };
    return await compare(urls, { nginx: nginx.pid, serve: served.pid }, served, source.size, bench);
  } finally {
    await rm(own, { recursive: true, force: true });
    await rm(source.file, { force: true });
  }
}

async function compare(
  urls: Readonly<Record<'nginx' | 'serve', string>>,
  pids: Readonly<Record<'nginx' | 'serve', number>>,
  served: Served,
  size: number,
  { rounds, quick, log }: Bench,
): Promise<GroupResult> {
  const seconds = { nginx: [] as number[], serve: [] as number[] };
  const cpu = { nginx: [] as number[], serve: [] as number[] };
  await curl(urls.serve); // Into the page cache.
  await curl(urls.nginx);
  for (let round = 0; round < (rounds ?? (quick ? 1 : ROUNDS)); round += 1) {
    for (const name of round % 2 === 0 ? (['nginx', 'serve'] as const) : (['serve', 'nginx'] as const)) {
      const before = await cpuSecondsOf(pids[name]);
      seconds[name].push(await curl(urls[name]));
      cpu[name].push((await cpuSecondsOf(pids[name])) - before);
      log(`serve, round ${round + 1}: ${name}: ${showSeconds(seconds[name].at(-1) ?? null)} s`);
    }
  }
  const alone = await served.peakBytes();
  const together = await readTogether(urls.serve, size);
  const peak = await served.peakBytes();
  const [ours, theirs] = [median(seconds.serve), median(seconds.nginx)];
  const speeds = seconds.nginx.map((each, round) => each / (seconds.serve[round] ?? Number.NaN));
  return {
    tables: [
      {
        title: `haulyard serve to curl over loopback: ${showSize(size)}`,
        columns: ['server', 's', 'speed beside nginx', 'CPU s', 'peak MB', `peak MB, ${READERS} readers`],
        rows: [
          ['nginx', showSeconds(theirs), showRatio(1), showSeconds(median(cpu.nginx)), '-', '-'],
          [
            'haulyard serve',
            showSeconds(ours),
            showRatio(median(speeds)),
            showSeconds(median(cpu.serve)),
            showMegabytes(alone),
            showMegabytes(peak),
          ],
        ],
      },
    ],
    notes: [`${READERS} readers at once, each with its part of the file: ${showSeconds(together)} s.`],
    data: { seconds, speeds, cpu, alone, peak, together },
  };
}

/** Brings the file into a cache, verified, as everybody does. */
async function download(source: SourceFile, folder: string): Promise<void> {
  await using site = await openFastSite([{ id: REPO, files: { [PATH]: source } }], folder);
  const argv = haulyardArgv({ hubUrl: site.hubUrl, repo: REPO, folder, pieceBytes: null }, []);
  requireDone(await runHaulyard({ argv, folder, limitSeconds: LIMIT_SECONDS }));
}

interface Served extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  peakBytes(): Promise<number | null>;
}

async function startServe(folder: string): Promise<Served> {
  const places = ['--data-dir', join(folder, 'data'), '--cache-dir', join(folder, 'hub')];
  const child = spawn(process.execPath, [HAULYARD_CLI, 'serve', '--port', '0', '--json', ...places], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const onExit = () => void child.kill();
  process.once('exit', onExit);
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited]);
  const { urls } = JSON.parse(String(line));
  return {
    url: urls[0],
    pid: child.pid ?? 0,
    peakBytes: () => peakBytesOf(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await exited;
      process.removeListener('exit', onExit);
    },
  };
}

/** User and system time of a running process (proc(5): fields 14 and 15 of stat, in hundredths of a second). */
async function cpuSecondsOf(pid: number): Promise<number> {
  const fields =
    (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) / 100;
}

/** The largest resident memory of a running process so far; null where the system does not tell. */
async function peakBytesOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB/m.exec(status) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** Seconds that curl takes for all of it, or a range. */
async function curl(url: string, range?: string): Promise<number> {
  const args = ['-sSf', '-o', '/dev/null', ...(range === undefined ? [] : ['-r', range]), url];
  const started = performance.now();
  const [code] = await once(spawn('curl', args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
  if (code !== 0) throw new Error(`curl ended with ${code}.`);
  return (performance.now() - started) / 1000;
}

async function readTogether(url: string, size: number): Promise<number> {
  const part = Math.floor(size / READERS);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: READERS }, (_, n) => curl(url, `${n * part}-${(n + 1) * part - 1}`)),
  );
  return (performance.now() - started) / 1000;
}
