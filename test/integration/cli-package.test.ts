import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the npm package', () => {
  let folder: string;
  let bin: string;
  const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haulyard-package-'));
    const { stdout } = await run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
      {
        cwd: ROOT,
        env,
        maxBuffer: 16 * 1024 * 1024,
      },
    );
    const name = /haulyard-[\d.]+\.tgz/.exec(stdout)?.[0] ?? '';
    await run('tar', ['-xzf', join(folder, name), '-C', folder]);
    const modules = join(folder, 'node_modules');
    await mkdir(join(modules, '.bin'), { recursive: true });
    // What `npm install` installs and links; the one package that is not bundled.
    await symlink(join(ROOT, 'node_modules', 'better-sqlite3'), join(modules, 'better-sqlite3'));
    bin = join(modules, '.bin', 'haulyard');
    await symlink(join(folder, 'package', 'out', 'cli', 'index.js'), bin);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('runs as a program, and says nothing but what it was asked', async () => {
    expect(await run(bin, ['--version'], { env })).toEqual({ stdout: '0.1.0\n', stderr: '' });
  });

  it('includes the manual, and completions', async () => {
    const manual = await readFile(join(folder, 'package', 'docs', 'man', 'haulyard.1'), 'utf8');
    expect(manual).toContain('.TH HAULYARD 1');
    expect((await run(bin, ['completion', 'bash'], { env })).stdout).toContain(
      'complete -o default -F _haulyard',
    );
  });

  it('has all that a command needs: catalog, worker threads, the ledger', async () => {
    const home = join(folder, 'home');
    const args = ['--data-dir', join(home, 'data'), '--cache-dir', join(home, 'hub'), '--json'];
    const { stdout, stderr } = await run(bin, ['catalog', ...args], { env: { ...env, HOME: home } });
    expect(JSON.stringify(JSON.parse(stdout))).toContain('parakeet');
    expect(stderr).toBe('');
  });
});
