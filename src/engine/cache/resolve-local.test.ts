import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPath } from './layout.ts';
import { linkSnapshot } from './link-snapshot.ts';
import { writeRef } from './refs.ts';
import { listSnapshot, localSnapshot } from './resolve-local.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache, testCommit } from './test-cache.ts';

const ONE = testCommit('1');
const TWO = testCommit('2');
let cache: TestCache;
beforeEach(async () => {
  cache = await makeTestCache();
});
afterEach(() => cache.remove());

const find = (revision?: string) =>
  localSnapshot({
    cacheDir: cache.cacheDir,
    repo: TEST_REPO,
    ...(revision === undefined ? {} : { revision }),
  });
const folder = (commit: string) => join(cache.repositoryFolder, 'snapshots', commit);

describe('localSnapshot', () => {
  it('finds a commit, a branch, a nested ref, and main by default', async () => {
    await cache.putFile(ONE, 'config.json', '{}');
    await cache.putFile(TWO, 'config.json', '{}');
    await writeRef(cache.cacheDir, TEST_REPO, 'main', ONE);
    await writeRef(cache.cacheDir, TEST_REPO, 'refs/pr/1', TWO);
    expect(await find()).toEqual({ commit: ONE, path: folder(ONE) });
    expect(await find('refs/pr/1')).toEqual({ commit: TWO, path: folder(TWO) });
    expect(await find(TWO)).toEqual({ commit: TWO, path: folder(TWO) });
  });

  it('is null without the ref, without the snapshot and with a ref that holds no commit', async () => {
    expect(await find()).toBeNull();
    expect(await find(ONE)).toBeNull();
    await writeRef(cache.cacheDir, TEST_REPO, 'main', ONE);
    expect(await find()).toBeNull();
    await writeFile(join(cache.repositoryFolder, 'refs/bad'), '../../../../etc');
    expect(await find('bad')).toBeNull();
  });

  it('refuses a revision that leads out of the refs', async () => {
    await expect(find('../../x')).rejects.toMatchObject({ code: 'PathUnsafe' });
  });
});

describe('listSnapshot', () => {
  it('returns where the content of each file is', async () => {
    const hash = await cache.putFile(ONE, 'a/model.bin', 'weights');
    expect(await listSnapshot(folder(ONE))).toEqual([
      {
        path: 'a/model.bin',
        realPath: await realpath(blobPath(cache.cacheDir, TEST_REPO, hash)),
        size: 7,
        hash,
      },
    ]);
  });

  it('returns a broken link as missing content', async () => {
    const hash = await cache.putFile(ONE, 'model.bin', 'weights');
    await rm(blobPath(cache.cacheDir, TEST_REPO, hash));
    expect(await listSnapshot(folder(ONE))).toEqual([{ path: 'model.bin', realPath: null, size: 0, hash }]);
  });

  it('lists files of a cache without links, with no hash', async () => {
    const hash = await cache.putBlob('weights');
    const at = { cacheDir: cache.cacheDir, repo: TEST_REPO, commit: ONE, path: 'model.bin', hash };
    const file = await linkSnapshot({ ...at, symlinks: false });
    expect(await listSnapshot(folder(ONE))).toEqual([
      { path: 'model.bin', realPath: await realpath(file), size: 7, hash: null },
    ]);
  });

  it('takes the name of a shared store for no hash and leaves out links to folders', async () => {
    const store = join(cache.cacheDir, 'blobs', 'ab');
    await mkdir(store, { recursive: true });
    await writeFile(join(store, sha256('xet')), 'weights');
    await mkdir(folder(ONE));
    await symlink(join(store, sha256('xet')), join(folder(ONE), 'model.bin'));
    await symlink(store, join(folder(ONE), 'folder'));
    expect(await listSnapshot(folder(ONE))).toMatchObject([{ path: 'model.bin', size: 7, hash: null }]);
  });
});
