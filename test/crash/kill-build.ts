import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addRepository } from '../quantize/make-source.ts';
import { moshiShapes, SMALL_MOSHI } from '../quantize/moshi-shapes.ts';

const CLI = fileURLToPath(new URL('../../out/cli/index.js', import.meta.url));
const REPO = 'kyutai/moshiko-mlx-bf16';

/** What {@link killBuilds} found. */
export interface KilledBuilds {
  /** SHA-256 of a build that nobody disturbed. */
  readonly undisturbed: string;
  /** SHA-256 of the build that was killed again and again. */
  readonly killed: string;
  readonly kills: number;
}

/** A source of 150 MB: enough for a build to be caught in the middle. */
const SIZES = { ...SMALL_MOSHI, texts: 60_000 };

/** Kills the command that makes Q4 after random times (`seed`), `kills` times, then lets it finish. Needs the built command. */
export async function killBuilds(kills: number, seed: number): Promise<KilledBuilds> {
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-kill-build-'));
  try {
    const shapes = new Map([['model.safetensors', moshiShapes(SIZES)]]);
    await addRepository(join(folder, 'hub'), REPO, shapes, [{ path: 'tokenizer_spm.model', text: 'spm' }]);
    const startedMs = performance.now();
    const undisturbed = await finish(folder, 'a');
    const usualMs = performance.now() - startedMs;
    let done = 0;
    let state = seed;
    for (; done < kills; done += 1) {
      state = (Math.imul(1664525, state) + 1013904223) >>> 0;
      await killAfter(folder, (state / 2 ** 32) * usualMs);
    }
    return { undisturbed, killed: await finish(folder, 'b'), kills: done };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function start(folder: string, root: string) {
  const places = ['--cache-dir', join(folder, 'hub'), '--data-dir', join(folder, `data-${root}`)];
  const args = [
    CLI,
    ...places,
    'quantize',
    REPO,
    '--variant',
    'q4',
    '--json',
    '--output',
    join(folder, root),
  ];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function finish(folder: string, root: string): Promise<string> {
  const child = start(folder, root);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the command ended with ${code}`);
  const made = join(folder, root, 'kyutai', 'moshiko-mlx-bf16-q4', 'haulyard.json');
  return JSON.parse(await readFile(made, 'utf8')).output.sha256;
}

/** One that has finished before its time is as good as killed: what it made is there, and is found. */
async function killAfter(folder: string, delayMs: number): Promise<void> {
  const child = start(folder, 'b');
  const ended = once(child, 'exit');
  await Promise.race([sleep(delayMs), ended]);
  child.kill('SIGKILL');
  await ended;
  if (child.signalCode === null) await rm(join(folder, 'b'), { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await killBuilds(Number(process.argv[2] ?? 50), Number(process.argv[3] ?? 1));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.undisturbed === result.killed ? 0 : 1;
}
