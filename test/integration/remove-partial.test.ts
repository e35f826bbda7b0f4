import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobPath } from '../../src/engine/cache/layout.ts';
import { errorOf, MIB, openWorld, type World } from './harness.ts';
import { interrupt } from './interrupt.ts';
import { contentRequests, expectRightFiles, partialOf, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const SIZE = 3 * MIB;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;

async function foreign(world: World): Promise<string> {
  const path = `${blobPath(world.cacheDir, 'org/other', 'b'.repeat(64))}.incomplete`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.alloc(100_000, 'x'));
  return path;
}

describe('removing a partial', () => {
  it('of another tool gives its bytes back', async () => {
    await using world = await openWorld([REPOSITORY]);
    const path = await foreign(world);
    const engine = await world.open();
    expect((await engine.call('library.list', {})).partials).toMatchObject([{ path, download: null }]);
    const { freedBytes } = await engine.call('library.removePartial', { path });
    expect(freedBytes).toBeGreaterThanOrEqual(100_000);
    expect((await engine.call('library.list', {})).partials).toEqual([]);
  });

  it('that an unfinished download needs is refused by its name, and the download goes on from it', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 1);
    const path = await partialOf(world, REPOSITORY);
    const since = contentRequests(world.hub).length;
    const engine = await world.open();
    expect((await engine.call('library.list', {})).partials).toMatchObject([{ path, download: id }]);
    const error = await errorOf(engine.call('library.removePartial', { path }));
    expect(error).toMatchObject({
      code: 'BadRequest',
      details: expect.objectContaining({ remedy: 'cancel-first', id }),
    });
    const { done } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(contentRequests(world.hub).length).toBeGreaterThan(since);
    expect(servedBytes(world.hub)).toBeLessThan(SIZE + MIB);
  });

  it('that a cancelled download left makes the next one begin anew', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 1);
    const path = await partialOf(world, REPOSITORY);
    const engine = await world.open();
    await engine.call('downloads.cancel', { id, keepPartial: true });
    await engine.call('library.removePartial', { path });
    expect(existsSync(path)).toBe(false);
    const since = world.hub.requests.length;
    const { done } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(SIZE);
  });

  it.each([
    [
      'a finished file',
      async (world: World) =>
        (await (await world.open({ dataDir: join(world.root, 'd2') })).download({ reference })).done.files[0]!
          .blob,
    ],
    [
      'a file elsewhere',
      async (world: World) => {
        const path = join(world.root, 'letter.incomplete');
        await writeFile(path, 'Dear …');
        return path;
      },
    ],
    [
      'a link in the cache',
      async (world: World) => {
        const path = `${await foreign(world)}.more.incomplete`;
        await symlink(join(world.root, 'catalog.json'), path);
        return path;
      },
    ],
    [
      'a path that leaves the cache',
      async (world: World) => join(await foreign(world), '..', '..', '..', '..', 'catalog.json'),
    ],
  ])('refuses %s', async (_name, make) => {
    await using world = await openWorld([REPOSITORY]);
    const path = await make(world);
    const engine = await world.open();
    expect(await errorOf(engine.call('library.removePartial', { path }))).toMatchObject({
      code: 'BadRequest',
    });
    expect(existsSync(path)).toBe(true);
  });
});
