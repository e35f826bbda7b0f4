import { rmSync } from 'node:fs';
import { access, mkdtemp, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../src/shared/contract/errors.ts';
import type { Bench, Group, GroupResult } from './bench.ts';
import { HAULYARD_CLI } from './contestants/haulyard.ts';
import { GROUPS } from './groups/all.ts';
import { describeMachine, type Machine, machineLines } from './machine.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { writePlots } from './results/plot.ts';
import { showSize } from './results/show.ts';
import { renderTable } from './results/table.ts';

/** Space left free in addition to what a group needs. */
const SPARE_BYTES = 2 ** 30;
/** Exit code of a program that was interrupted. */
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(USAGE);
  else await benchmark(options);
}

async function benchmark(options: BenchOptions): Promise<void> {
  await access(HAULYARD_CLI).catch(() => {
    throw new AppError('BadRequest', 'The command line is not built; run "npm run build" first.');
  });
  const machine = await describeMachine();
  for (const line of machineLines(machine)) say(line);
  const folder = await mkdtemp(join(resolve(options.dir ?? tmpdir()), 'haulyard-bench-'));
  const results: Record<string, GroupResult & { readonly seconds: number }> = {};
  // Also when it is ended early; by then what was running has been ended as well.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(INTERRUPTED));
  process.once('SIGTERM', () => process.exit(INTERRUPTED));
  for (const group of GROUPS.filter(({ name }) => options.only.includes(name))) {
    results[group.name] = await runGroup(group, { ...options, folder, log: tell });
    if (options.jsonFile !== null) await writeJson(options.jsonFile, machine, options, results);
    if (options.plotFolder !== null) await writePlots(options.plotFolder, results);
  }
}

async function runGroup(group: Group, bench: Bench) {
  await requireRoom(group, bench);
  say('', `## ${group.name}`, '');
  const started = performance.now();
  const result = await group.run(bench).catch(failed);
  const seconds = (performance.now() - started) / 1000;
  for (const table of result.tables) say(renderTable(table));
  for (const note of result.notes) say(`- ${note}`);
  say(`- This group took ${seconds.toFixed(0)} s.`);
  return { ...result, seconds };
}

/** One group that breaks leaves the others their results. */
function failed(error: unknown): GroupResult {
  process.exitCode = 1;
  const reason = error instanceof Error ? error.message : String(error);
  return { tables: [], notes: [`This group FAILED: ${reason}`], data: { failed: reason } };
}

async function requireRoom(group: Group, bench: Bench): Promise<void> {
  const { bavail, bsize } = await statfs(bench.folder);
  const needed = group.neededBytes(bench) + SPARE_BYTES;
  if (bavail * bsize >= needed) return;
  throw new AppError(
    'DiskFull',
    `The group ${group.name} needs ${showSize(needed)} of free disk, and there are ${showSize(bavail * bsize)}. ` +
      'Choose another disk with --dir, or a smaller --size.',
  );
}

async function writeJson(
  file: string,
  machine: Machine,
  options: BenchOptions,
  groups: object,
): Promise<void> {
  await writeFile(file, `${JSON.stringify({ machine, options, groups }, null, 1)}\n`);
}

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Progress, separate from the results. */
function tell(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

main().catch((error: unknown) => {
  const expected = error instanceof AppError;
  process.stderr.write(
    `${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = expected && error.code === 'BadRequest' ? 2 : 1;
});
