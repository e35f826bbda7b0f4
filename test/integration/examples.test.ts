import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GATED } from '../hub/fixtures/odd.ts';
import { CLI, type CliWorld, openCliWorld } from './cli-world.ts';
import { MIB } from './harness.ts';
import { expectRightFiles } from './on-disk.ts';
import { oneFile } from './repositories.ts';

/** The programs of docs/integration.md, run as they are. */

const REPOSITORY = oneFile(4 * MIB);
const ID = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 1_000_000 } };
const FAST = { totalBytesPerSecond: null };

const pathOf = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
/** On a machine whose Python is only a stand-in, `python3 --version` fails. */
const hasPython = spawnSync('python3', ['--version']).status === 0;

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(world: CliWorld, program: string, ...args: readonly string[]) {
  const command = program.endsWith('.py') ? 'python3' : process.execPath;
  const child = spawn(command, [pathOf(program), ...args], {
    env: {
      ...process.env,
      HOME: world.root,
      HF_HOME: `${world.root}/hf`,
      HF_ENDPOINT: world.hub.url,
      HAULYARD_DATA_DIR: world.dataDir,
      HAULYARD_CATALOG: world.catalogFile,
      HAULYARD: `${process.execPath} ${CLI}`,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => {
    stdout += String(part);
  });
  child.stderr.on('data', (part) => {
    stderr += String(part);
  });
  const ended = new Promise<Result>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { ended, stderr: () => stderr };
}

const run = (...of: Parameters<typeof start>): Promise<Result> => start(...of).ended;

async function startOwner(world: CliWorld) {
  const owner = world.start(['download', ID, '--chunk-size', '1MiB', '--json']);
  await owner.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
  return owner;
}

describe.each(['download_model.py', 'download-model.mjs'])('%s', (program) => {
  const isMissing = program.endsWith('.py') && !hasPython;

  it.skipIf(isMissing)('downloads a model where nothing runs', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const { code, stdout, stderr } = await run(world, program, ID);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^(resolving|queued)/)]);
    await expectRightFiles(stdout.trimEnd(), REPOSITORY.files!);
  });

  it.skipIf(isMissing)('brings it beside a program that does so already', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const owner = await startOwner(world);
    const example = start(world, program, ID);
    await expect.poll(example.stderr, { timeout: 15_000 }).toContain('downloading: ');
    world.hub.conditions.set(FAST);
    const { code, stdout } = await example.ended;
    expect(code).toBe(0);
    expect((await owner.ended).code).toBe(0);
    await expectRightFiles(stdout.trimEnd(), REPOSITORY.files!);
  });

  it.skipIf(isMissing)('reports why it failed', async () => {
    await using world = await openCliWorld([GATED]);
    const { code, stderr } = await run(world, program, GATED.id);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Gated: ')]);
  });
});

describe.each(['list_downloads.py', 'list-downloads.mjs'])('%s', (program) => {
  const isMissing = program.endsWith('.py') && !hasPython;

  it.skipIf(isMissing)('lists what runs', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const owner = await startOwner(world);
    const { code, stdout } = await run(
      world,
      program,
      world.dataDir,
      ...(program.endsWith('.py') ? ['1'] : []),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^haulyard download \d+\.\d+\.\d+\n\w+ org\/one downloading \d+\n/);
    if (program.endsWith('.py')) expect(stdout.trim().split('\n').length).toBeGreaterThan(2);
    world.hub.conditions.set(FAST);
    await owner.ended;
  });

  it.skipIf(isMissing)('reports when nothing runs, and when what ran was killed', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    expect(await run(world, program, world.dataDir)).toMatchObject({ code: 3 });
    const owner = await startOwner(world);
    owner.process.kill('SIGKILL');
    await owner.ended;
    expect(await run(world, program, world.dataDir)).toMatchObject({ code: 3 });
  });
});
