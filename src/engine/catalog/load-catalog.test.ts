import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog, parseCatalog } from './load-catalog.ts';

const shipped = join(import.meta.dirname, '../../../resources/catalog.json');

const variant = { id: 'bf16', repo: 'org/name', bytes: 10, neededBytes: 20 };
const model = { id: 'one', name: 'One', summary: 'A model.', license: 'mit', variants: [variant] };
const text = (...models: unknown[]): string => JSON.stringify({ version: 1, models });

describe('parseCatalog', () => {
  it('fills in what may be left out', () => {
    const catalog = parseCatalog(text(model), 'mine.json');
    expect(catalog.models[0]?.variants[0]).toMatchObject({ revision: 'main', pins: [], approximate: false });
  });

  it.each([
    ['text that is no JSON', '{"version": 1,', /it is not JSON/],
    ['another version', JSON.stringify({ version: 2, models: [model] }), /at version: /],
    ['no models', text(), /at models: /],
    ['a list', '[]', /at the top level: /],
    [
      'a size of zero',
      text({ ...model, variants: [{ ...variant, bytes: 0 }] }),
      /at models\.0\.variants\.0\.bytes: /,
    ],
    [
      'a repository that climbs',
      text({ ...model, variants: [{ ...variant, repo: '../x' }] }),
      /variants\.0\.repo: /,
    ],
    ['an unknown precision', text({ ...model, variants: [{ ...variant, id: 'q2' }] }), /variants\.0\.id: /],
    [
      'a pin that is no SHA-256',
      text({ ...model, variants: [{ ...variant, pins: [{ path: 'a', sha256: 'A'.repeat(64) }] }] }),
      /pins\.0\.sha256: /,
    ],
    ['a model id twice', text(model, model), /two models have the id "one"/],
    [
      'a variant twice',
      text({ ...model, variants: [variant, variant] }),
      /model "one" has the variant "bf16" twice/,
    ],
  ])('refuses %s and says where', (_, content, problem) => {
    expect(() => parseCatalog(content, 'mine.json')).toThrow(
      expect.objectContaining({ code: 'BadRequest', message: expect.stringMatching(problem) }),
    );
    expect(() => parseCatalog(content, 'mine.json')).toThrow(/mine\.json/);
  });
});

describe('loadCatalog', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catalog-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads a file', async () => {
    const file = join(folder, 'catalog.json');
    await writeFile(file, text(model));
    expect((await loadCatalog(file)).models.map(({ id }) => id)).toEqual(['one']);
  });

  it('reports a missing file', async () => {
    const file = join(folder, 'absent.json');
    await expect(loadCatalog(file)).rejects.toMatchObject({
      code: 'BadRequest',
      message: expect.stringContaining(`${file} can’t be used: there is no such file`),
    });
  });

  it('reports that the path is a folder', async () => {
    await expect(loadCatalog(folder)).rejects.toMatchObject({
      code: 'BadRequest',
      message: expect.stringContaining('it is a folder'),
    });
  });

  it('refuses a file that is too large without reading it', async () => {
    const file = join(folder, 'large.json');
    await writeFile(file, '');
    await truncate(file, 2 ** 40);
    await expect(loadCatalog(file)).rejects.toMatchObject({
      message: expect.stringContaining('larger than 4 MiB'),
    });
  });

  it('gives up when it is cancelled', async () => {
    const file = join(folder, 'catalog.json');
    await writeFile(file, text(model));
    await expect(loadCatalog(file, AbortSignal.abort())).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

describe('the catalog that ships', () => {
  it('has every model in every precision', async () => {
    const catalog = await loadCatalog(shipped);
    const offered = catalog.models.map(({ id, variants }) => [id, variants.map((each) => each.repo)]);
    expect(Object.fromEntries(offered)).toEqual({
      parakeet: ['mlx-community/parakeet-tdt-0.6b-v3'],
      'parakeet-v2': ['mlx-community/parakeet-tdt-0.6b-v2'],
      moshi: ['kyutai/moshiko-mlx-bf16', 'kyutai/moshiko-mlx-q8', 'kyutai/moshiko-mlx-q4'],
      moshika: ['kyutai/moshika-mlx-bf16', 'kyutai/moshika-mlx-q8', 'kyutai/moshika-mlx-q4'],
    });
  });

  it('uses branches, so that runtimes without a revision find the files offline', async () => {
    const catalog = await loadCatalog(shipped);
    const revisions = catalog.models.flatMap(({ variants }) => variants.map((each) => each.revision));
    expect(new Set(revisions)).toEqual(new Set(['main']));
  });

  it('announces at least as many bytes as it pins', async () => {
    const catalog = await loadCatalog(shipped);
    for (const { bytes, pins } of catalog.models.flatMap(({ variants }) => variants)) {
      expect(bytes).toBeGreaterThanOrEqual(pins.reduce((sum, pin) => sum + (pin.size ?? 0), 0));
    }
  });

  it('reads fewer weights for a step than a variant has', async () => {
    const catalog = await loadCatalog(shipped);
    for (const each of catalog.models.flatMap(({ variants }) => variants)) {
      expect(each.bytesPerStep ?? 0).toBeLessThan(each.bytes);
    }
  });
});

describe('a hostile catalog', () => {
  it('that is a pipe is refused, and not waited for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'catalog-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(loadCatalog(pipe)).rejects.toMatchObject({ code: 'BadRequest' });
    await rm(folder, { recursive: true });
  });

  it.each([
    ['models', `{"version":1,"models":[${'{},'.repeat(1_000_000)}{}]}`],
    ['variants', `{"version":1,"models":[{"variants":[${'{},'.repeat(1_000_000)}{}]}]}`],
    ['pins', `{"version":1,"models":[{"variants":[{"pins":[${'{},'.repeat(1_000_000)}{}]}]}]}`],
    ['numbers', `{"version":1,"models":[${'0,'.repeat(1_000_000)}0]}`],
  ])('of a million %s is refused at once', (_what, content) => {
    const startMs = performance.now();
    expect(() => parseCatalog(content, 'bad.json')).toThrow(expect.objectContaining({ code: 'BadRequest' }));
    expect(performance.now() - startMs).toBeLessThan(3000);
  });
});
