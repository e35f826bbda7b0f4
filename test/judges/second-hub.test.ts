import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAll } from '../hub/content/content.ts';
import { contentOf } from '../hub/content/source.ts';
import { CLI } from '../integration/cli-world.ts';
import { expectRightFiles } from '../integration/on-disk.ts';
import { SMALL_PARAKEET } from '../integration/repositories.ts';
import { environmentOf } from './judge-world.ts';
import { judge } from './judges.ts';
import { outputOf } from './run-program.ts';

const HUB = fileURLToPath(new URL('hub.py', import.meta.url));
const REPO = SMALL_PARAKEET.id;
const FILES = SMALL_PARAKEET.files!;

/** A line of the second Hub's log. */
interface Asked {
  readonly server: 'hub' | 'cdn';
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
}

let root: string;
let url: string;
let stop: () => Promise<void>;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'haulyard-second-hub-'));
  const served = join(root, 'served');
  for (const file of FILES) {
    const path = join(served, ...REPO.split('/'), ...file.path.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await readAll(contentOf(file)));
  }
  await cp(join(served, ...REPO.split('/')), join(served, 'org', 'many'), { recursive: true });
  for (let number = 0; number < 1100; number += 1) {
    await writeFile(
      join(served, 'org', 'many', `part-${String(number).padStart(4, '0')}.txt`),
      `${number}\n`,
    );
  }
  const child = spawn('python3', [HUB, served, '--log', join(root, 'log')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('error', reject);
  createInterface({ input: child.stdout }).once('line', resolve);
  ({ url } = JSON.parse(await promise));
  stop = () => {
    const closed = new Promise<void>((done) => child.once('close', () => done()));
    child.kill();
    return closed;
  };
});
afterAll(async () => {
  await stop?.();
  await rm(root, { recursive: true, force: true });
});

const haulyard = (home: string, ...args: string[]) =>
  outputOf(process.execPath, [CLI, ...args], { env: environmentOf(join(root, home), url) });
const asked = async (): Promise<readonly Asked[]> =>
  (await readFile(join(root, 'log'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

judge('a second Hub that shares no code with ours', ['python3'], () => {
  it('a download ends with every byte, asks resolve with HEAD alone and never with a range', async () => {
    await haulyard('plain', 'download', REPO, '--quiet', '--chunk-size', '1MiB');
    await expectRightFiles((await haulyard('plain', 'path', REPO)).trim(), FILES);
    const resolved = (await asked()).filter(({ path }) => path.includes('/resolve/'));
    expect(resolved.length).toBeGreaterThan(0);
    expect(resolved.filter(({ method, range }) => method !== 'HEAD' || range !== null)).toEqual([]);
    expect(
      (await asked()).filter(({ server, range }) => server === 'cdn' && range !== null).length,
    ).toBeGreaterThan(3);
  });

  it('a repository of more than a thousand files is listed whole', async () => {
    const [line] = (await haulyard('many', 'download', 'org/many', '--dry-run', '--json')).split('\n');
    expect(JSON.parse(line!).files).toHaveLength(1100 + FILES.length);
  });

  it('what it downloaded is verified, and a damaged file is repaired from there', async () => {
    await haulyard('repair', 'download', REPO, '--quiet');
    const blobs = join(root, 'repair', 'hf', 'hub', `models--${REPO.replace('/', '--')}`, 'blobs');
    const sizes = (await readdir(blobs)).map(
      async (name) => [name, await readFile(join(blobs, name))] as const,
    );
    const [name, content] = (await Promise.all(sizes)).toSorted(([, a], [, b]) => b.length - a.length)[0]!;
    content[1_000_000]! ^= 1;
    await writeFile(join(blobs, name), content);
    await haulyard('repair', 'verify', REPO, '--repair');
    await expectRightFiles((await haulyard('repair', 'path', REPO)).trim(), FILES);
  });

  it('a missing repository is reported as such', async () => {
    await expect(haulyard('missing', 'download', 'org/nothing', '--quiet')).rejects.toThrow(/ended with 4/);
  });
});
