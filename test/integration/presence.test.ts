import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobPath } from '../../src/engine/cache/layout.ts';
import type { VariantPresence } from '../../src/shared/model/library.ts';
import { MIB, openWorld, type TestEngine, type World } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { bytesOf, onlyFile, sha256 } from './on-disk.ts';
import { oneFile, text, WEIGHTS } from './repositories.ts';

const SIZE = 4 * MIB;
const FULL = oneFile(SIZE, 'org/full');
const SMALL = oneFile(2 * MIB, 'org/small');
const HASH = sha256(await bytesOf(onlyFile(FULL)));

interface CatalogOptions {
  readonly pinned?: boolean;
  readonly makesQ8?: boolean;
}

async function writeCatalog(world: World, { pinned = true, makesQ8 = false }: CatalogOptions = {}) {
  const pins = pinned ? [{ path: WEIGHTS, size: SIZE, sha256: HASH }] : [];
  const makeable = { from: 'bf16', recipe: 'mlx-affine-8-64', outputBytes: 7 };
  const made = makesQ8 ? { makeable } : {};
  const variants = [
    { id: 'bf16', repo: FULL.id, bytes: SIZE, neededBytes: 1, pins },
    { id: 'q8', repo: SMALL.id, bytes: 2 * MIB, approximate: true, neededBytes: 1, ...made },
  ];
  const model = { id: 'pair', name: 'Pair', summary: 'Two.', license: 'MIT', variants };
  await writeFile(world.catalogFile, JSON.stringify({ version: 1, models: [model] }));
}

async function presence(engine: TestEngine): Promise<{ bf16: VariantPresence; q8: VariantPresence }> {
  const [bf16, q8] = await engine.call('catalog.presence', {});
  return { bf16: bf16!, q8: q8! };
}

const open = () => openWorld([FULL, SMALL]);

describe('what of the catalog is here', () => {
  it('is nothing in an empty cache, and no server is contacted', async () => {
    await using world = await open();
    await writeCatalog(world);
    const { bf16, q8 } = await presence(await world.open());
    expect(bf16).toEqual({
      model: 'pair',
      variant: 'bf16',
      presentBytes: 0,
      totalBytes: SIZE,
      installed: false,
      path: null,
      made: null,
      makeable: null,
    });
    expect(q8).toMatchObject({ variant: 'q8', presentBytes: 0, installed: false });
    expect(world.hub.requests).toEqual([]);
  });

  it.each([true, false])('is what an unfinished download has (pinned: %s)', async (pinned) => {
    await using world = await open();
    await writeCatalog(world, { pinned });
    await interrupt(world, FULL, 2);
    const { bf16 } = await presence(await world.open());
    expect(bf16).toMatchObject({ presentBytes: 2 * MIB + HALF_CHUNK, totalBytes: SIZE, installed: false });
  });

  it.each([true, false])('is all of it once it is installed (pinned: %s)', async (pinned) => {
    await using world = await open();
    await writeCatalog(world, { pinned });
    const engine = await world.open();
    const { done } = await engine.download({ reference: 'pair', variant: 'bf16' });
    const { bf16, q8 } = await presence(engine);
    expect(bf16).toMatchObject({ presentBytes: SIZE, installed: true, path: done.snapshot });
    expect(q8).toMatchObject({ installed: false, makeable: null });
  });

  it('counts a model that another program put there, though our ledger does not know it', async () => {
    await using world = await open();
    await writeCatalog(world);
    const { done } = await (await world.open({ dataDir: join(world.root, 'elsewhere') })).download({
      reference: FULL.id,
    });
    const { bf16 } = await presence(await world.open());
    expect(bf16).toMatchObject({ installed: true, path: done.snapshot });
  });

  it('counts the partial of another tool for a pinned file', async () => {
    await using world = await open();
    await writeCatalog(world);
    const path = `${blobPath(world.cacheDir, FULL.id, HASH)}.incomplete`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.alloc(MIB, 'x'));
    expect((await presence(await world.open())).bf16).toMatchObject({ presentBytes: MIB, installed: false });
  });

  it('does not take a snapshot with a missing file for an installed model', async () => {
    await using world = await open();
    await writeCatalog(world);
    const engine = await world.open();
    const { done } = await engine.download({ reference: 'pair', variant: 'bf16' });
    await rm(done.files[0]!.blob);
    expect((await presence(engine)).bf16).toMatchObject({ presentBytes: 0, installed: false, path: null });
  });

  it('does not take nearly all of a model of unknown size for it when a link leads nowhere', async () => {
    const files = [...SMALL.files!, text('config.json', '{}')];
    await using world = await openWorld([FULL, { ...SMALL, files }]);
    await writeCatalog(world);
    const engine = await world.open();
    const { done } = await engine.download({ reference: SMALL.id });
    expect((await presence(engine)).q8.installed).toBe(true);
    await rm(done.files.find(({ path }) => path === 'config.json')!.blob);
    expect((await presence(engine)).q8.installed).toBe(false);
  });

  it('reports what can be built, and whether its source is installed', async () => {
    await using world = await open();
    await writeCatalog(world, { makesQ8: true });
    const engine = await world.open();
    expect((await presence(engine)).q8.makeable).toEqual({
      from: 'bf16',
      outputBytes: 7,
      sourceInstalled: false,
    });
    await engine.download({ reference: 'pair', variant: 'bf16' });
    const { bf16, q8 } = await presence(engine);
    expect(q8).toMatchObject({ installed: false, made: null, makeable: { sourceInstalled: true } });
    expect(bf16.makeable).toBeNull();
  });
});
