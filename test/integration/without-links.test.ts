import { existsSync } from 'node:fs';
import { lstat, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIB, openWorld } from './harness.ts';
import { expectRightFiles, flipByte, servedBytes } from './on-disk.ts';
import { oneFile, text, WEIGHTS, weights } from './repositories.ts';

const SIZE = 3 * MIB + 55;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
const env = { HF_HUB_DISABLE_SYMLINKS: '1' };

describe('a cache without links', () => {
  it('keeps the files in the snapshot itself, each content once', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { done } = await (await world.open({ env })).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect((await lstat(join(done.snapshot, WEIGHTS))).isFile()).toBe(true);
    expect(existsSync(done.files[0]!.blob)).toBe(false);
  });

  it('is not fetched again', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ env });
    await engine.download({ reference });
    const since = world.hub.requests.length;
    const { done } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(0);
  });

  it('shows a content that two paths share under both', async () => {
    const files = [
      weights('a.safetensors', MIB, 'same'),
      weights('b/c.safetensors', MIB, 'same'),
      text('d', 'd'),
    ];
    await using world = await openWorld([{ id: 'org/twins', files }]);
    const { done } = await (await world.open({ env })).download({ reference: 'org/twins' });
    await expectRightFiles(done.snapshot, files);
  });

  it('is verified, and a damaged chunk is repaired alone', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ env });
    const { done } = await engine.download({ reference });
    const since = world.hub.requests.length;
    await flipByte(join(done.snapshot, WEIGHTS), MIB + 1);
    const found = await engine.call('library.verify', { reference });
    expect(found.files).toMatchObject([{ ok: false, badChunks: [1] }]);
    expect((await engine.call('library.verify', { reference, repair: true })).ok).toBe(true);
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(MIB);
  });

  it.each([
    ['cut', (path: string) => truncate(path, MIB)],
    ['deleted', (path: string) => rm(path)],
  ])('brings a file back that was %s', async (_, damage) => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ env });
    const { done } = await engine.download({ reference });
    await damage(join(done.snapshot, WEIGHTS));
    expect((await engine.call('library.verify', { reference, repair: true })).ok).toBe(true);
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });

  it('is removed with all its files', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ env });
    await engine.download({ reference });
    expect((await engine.call('library.remove', { reference })).freedBytes).toBe(SIZE);
    expect((await engine.call('library.list', {})).models).toEqual([]);
  });
});
