import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogOf, openCliWorld } from './cli-world.ts';
import { expectRightFiles, flipByte } from './on-disk.ts';
import { oneFile, SMALL_PARAKEET, WEIGHTS } from './repositories.ts';

const REPOSITORY = oneFile(3_000_000);
const ID = REPOSITORY.id;
const COMMIT = /^[0-9a-f]{40}$/;
const CATALOG = catalogOf([
  { id: 'bf16', repo: ID },
  { id: 'q4', repo: 'org/q4' },
]);
const open = () => openCliWorld([REPOSITORY, oneFile(1_000_000, 'org/q4')], {}, CATALOG);

describe('haulyard --version', () => {
  it('prints the version of the package', async () => {
    await using world = await open();
    const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await world.run(['--version'])).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
  });
});

describe('haulyard catalog', () => {
  it('gives models with variants, sizes, fit and recommendation', async () => {
    await using world = await open();
    const { code, json } = await world.run(['catalog', '--json']);
    expect(code).toBe(0);
    const [{ models }] = json() as [{ models: Array<{ variants: unknown[] }> }];
    expect(models).toHaveLength(1);
    expect(models[0]).toMatchObject({ id: 'tiny', name: 'Tiny', license: 'MIT', recommended: 'bf16' });
    expect(models[0]!.variants[0]).toEqual({
      variant: 'bf16',
      repo: ID,
      revision: 'main',
      bytes: 1_000_000,
      approximate: false,
      fit: 'runs-well',
    });
  });

  it('finds the catalog that comes with the program', async () => {
    await using world = await open();
    const { code, stdout } = await world.run(['catalog'], { env: { HAULYARD_CATALOG: '' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^parakeet · /m);
    expect(stdout).toMatch(/^moshi · /m);
  });
});

describe('haulyard hardware', () => {
  it('judges an assumed machine', async () => {
    await using world = await open();
    const { code, json } = await world.run(['hardware', '--assume', 'Apple M3 Pro,18GB', '--json']);
    expect(code).toBe(0);
    expect(json()).toMatchObject([
      {
        chip: 'Apple M3 Pro',
        memoryBytes: 18 * 2 ** 30,
        bandwidthGBps: 150,
        models: [{ model: 'tiny', recommended: 'bf16' }],
      },
    ]);
  });

  it('judges this machine', async () => {
    await using world = await open();
    const { code, stdout } = await world.run(['hardware']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny +\* bf16/m);
  });
});

describe('haulyard list, path and remove', () => {
  it('know nothing in an empty cache, and write nothing', async () => {
    await using world = await open();
    expect(await world.run(['list'])).toMatchObject({
      code: 0,
      stdout: `No models in ${world.cacheDir}.\n`,
    });
    expect((await world.run(['status', '--json'])).json()).toEqual([{ downloads: [], builds: [] }]);
    expect([existsSync(world.cacheDir), existsSync(world.dataDir)]).toEqual([false, false]);
  });

  it('see a download, and see it gone', async () => {
    await using world = await open();
    await world.run(['download', ID]);
    const { stdout } = await world.run(['path', ID]);
    const path = stdout.trimEnd();
    expect(stdout).toBe(`${path}\n`);
    await expectRightFiles(path, REPOSITORY.files!);
    const [{ models }] = (await world.run(['list', '--json'])).json() as [{ models: unknown[] }];
    expect(models).toEqual([
      {
        repo: ID,
        commit: expect.stringMatching(COMMIT),
        bytes: expect.any(Number),
        files: 1,
        complete: true,
        path,
        verifiedAt: expect.any(String), // What was just hashed is verified.
        verifiedOk: true,
      },
    ]);
    expect((await world.run(['path', ID, '--json'])).json()).toEqual([{ path }]);
    expect((await world.run(['path', 'tiny'])).stdout).toBe(`${path}\n`);
    expect((await world.run(['remove', ID, '--json'])).json()).toEqual([
      { repo: ID, freedBytes: expect.any(Number), removedSnapshots: 1 },
    ]);
    expect(existsSync(path)).toBe(false);
    expect((await world.run(['list', '--json'])).json()).toEqual([
      { models: [], partials: [], elsewhere: [] },
    ]);
  });
});

describe('haulyard verify', () => {
  it('confirms correct files', async () => {
    await using world = await openCliWorld([SMALL_PARAKEET]);
    await world.run(['download', SMALL_PARAKEET.id]);
    const { code, json } = await world.run(['verify', SMALL_PARAKEET.id, '--json']);
    expect(code).toBe(0);
    const [{ files, ok }] = json() as [{ files: Array<Record<string, unknown>>; ok: boolean }];
    expect(ok).toBe(true);
    expect(files).toHaveLength(SMALL_PARAKEET.files!.length);
    for (const file of files) {
      expect(file).toEqual({
        path: expect.any(String),
        ok: true,
        expected: expect.any(String),
        actual: file.expected,
        badChunks: [],
        checkedAt: expect.any(String),
      });
    }
  });

  it('finds a changed byte, names its chunk, and repairs it', async () => {
    await using world = await open();
    await world.run(['download', ID, '--chunk-size', '1MiB']);
    const path = (await world.run(['path', ID])).stdout.trimEnd();
    await flipByte(await realpath(join(path, WEIGHTS)), 1_500_000);

    const found = await world.run(['verify', ID, '--json']);
    expect(found.code).toBe(5);
    expect(found.json()).toMatchObject([
      { ok: false, files: [{ path: WEIGHTS, ok: false, badChunks: [1] }] },
    ]);
    expect(await world.run(['verify', ID, '--quick'])).toMatchObject({ code: 0 });

    const [{ models }] = (await world.run(['list', '--json'])).json() as [{ models: unknown[] }];
    expect(models).toMatchObject([{ verifiedOk: false, verifiedAt: expect.any(String) }]);

    expect(await world.run(['verify', ID, '--repair'])).toMatchObject({ code: 0 });
    expect(await world.run(['verify', ID])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Verified: 1 file, every byte as expected \(\d{4}-\d\d-\d\d\)\.\n$/),
    });
    await expectRightFiles(path, REPOSITORY.files!);
  });
});

describe('haulyard doctor', () => {
  it('passes on a healthy machine and shows no secret', async () => {
    await using world = await open();
    const env = { HF_TOKEN: 'hf_local_granted' };
    const { code, json, stdout } = await world.run(['doctor', '--json'], { env });
    expect(code).toBe(0);
    expect(stdout).not.toContain('hf_local_granted');
    expect(json()).toMatchObject([
      { ok: true, versions: { haulyard: expect.any(String) }, paths: { cache: world.cacheDir } },
    ]);
  });
});
