import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { realPathInside, repositoryFolderOf } from './inside.ts';

let root: string;
let cache: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'haulyard-inside-')));
  cache = join(root, 'cache');
  await mkdir(join(cache, 'blobs'), { recursive: true });
  await mkdir(join(root, 'cache-of-others'));
  await writeFile(join(cache, 'blobs', 'abc'), 'x');
  await writeFile(join(root, 'secret'), 'x');
  await symlink(join('blobs', 'abc'), join(cache, 'model'));
  await symlink(join(root, 'secret'), join(cache, 'way-out'));
  await symlink(cache, join(root, 'linked-cache'));
});

describe('realPathInside', () => {
  it('follows links inside', async () => {
    expect(await realPathInside(join(cache, 'model'), [cache])).toBe(join(cache, 'blobs', 'abc'));
  });

  it('takes the folder itself, and one that is reached through a link', async () => {
    expect(await realPathInside(cache, [cache])).toBe(cache);
    const linked = join(root, 'linked-cache');
    expect(await realPathInside(join(linked, 'model'), [linked])).toBe(join(cache, 'blobs', 'abc'));
  });

  it.each(['secret', 'cache/way-out', 'cache/../secret', 'cache-of-others', '.', 'nothing-here'])(
    'refuses %s',
    async (path) => {
      await expect(realPathInside(join(root, '/'.concat(path)), [cache])).rejects.toMatchObject({
        code: 'BadRequest',
      });
    },
  );

  it.each(['cache', '', 'model', '/\0'])('refuses %j, which is no full path', async (path) => {
    await expect(realPathInside(path, [cache])).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('says when something inside is gone', async () => {
    await expect(realPathInside(join(cache, 'gone'), [cache])).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('refuses everything while the folders are not there', async () => {
    await expect(realPathInside(cache, [join(root, 'no-such')])).rejects.toMatchObject({
      code: 'BadRequest',
    });
  });
});

describe('repositoryFolderOf', () => {
  it('is the folder at the root of the cache, also of one that was moved to another volume', async () => {
    const volume = join(root, 'volume', 'models--a--b');
    await mkdir(join(volume, 'snapshots', 'c'), { recursive: true });
    await symlink(volume, join(cache, 'models--a--b'));
    const path = join(cache, 'models--a--b', 'snapshots', 'c');
    const folder = repositoryFolderOf(path, cache);
    expect(folder).toBe(join(cache, 'models--a--b'));
    expect(await realPathInside(path, [cache, folder!])).toBe(join(volume, 'snapshots', 'c'));
    await symlink(join(root, 'secret'), join(volume, 'snapshots', 'out'));
    await expect(
      realPathInside(join(cache, 'models--a--b', 'snapshots', 'out'), [cache, folder!]),
    ).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it.each(['way-out', 'blobs/abc', '../cache-of-others/models--a--b', ''])('is none for %s', (path) => {
    expect(repositoryFolderOf(join(cache, path), cache)).toBeNull();
  });
});
