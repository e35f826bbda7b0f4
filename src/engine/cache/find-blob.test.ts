import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBlob, findElsewhere } from './find-blob.ts';
import { blobPath, snapshotFile } from './layout.ts';
import { linkSnapshot } from './link-snapshot.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache, testCommit } from './test-cache.ts';

const HASH = sha256('content');
const SIZE = 'content'.length;
let cache: TestCache;
let other: TestCache;
beforeEach(async () => {
  cache = await makeTestCache();
  other = await makeTestCache('someone/else');
});
afterEach(() => Promise.all([cache.remove(), other.remove()]));

const find = (size = SIZE, hash = HASH) =>
  findBlob({ cacheDir: cache.cacheDir, repo: TEST_REPO, hash, size });
const blob = () => blobPath(cache.cacheDir, TEST_REPO, HASH);

describe('findBlob', () => {
  it('finds a finished blob of the right length only', async () => {
    expect(await find()).toBeNull();
    await cache.putBlob('content');
    expect(await find()).toBe(blob());
    expect(await find(SIZE + 1)).toBeNull();
  });

  it('finds a blob that is a link into a store shared by repositories', async () => {
    const store = join(cache.cacheDir, 'blobs', 'ab');
    await mkdir(store, { recursive: true });
    await writeFile(join(store, sha256('xet')), 'content');
    await symlink(`../../blobs/ab/${sha256('xet')}`, blob());
    expect(await find()).toBe(blob());
  });

  it('finds nothing behind a broken link or a folder', async () => {
    await symlink('nowhere', blob());
    expect(await find()).toBeNull();
    await mkdir(blobPath(cache.cacheDir, TEST_REPO, sha256('folder')));
    expect(await find(4096, sha256('folder'))).toBeNull();
  });

  it('finds the content in a snapshot of a cache without links', async () => {
    const commit = testCommit('1');
    const hash = await cache.putBlob('content');
    const at = { cacheDir: cache.cacheDir, repo: TEST_REPO, hash };
    await linkSnapshot({ ...at, commit, path: 'a/b.bin', symlinks: false });
    const snapshot = { commit, path: 'a/b.bin' };
    expect(await findBlob({ ...at, size: SIZE, snapshot })).toBe(
      snapshotFile(cache.cacheDir, TEST_REPO, commit, 'a/b.bin'),
    );
    expect(await findBlob({ ...at, size: SIZE + 1, snapshot })).toBeNull();
    expect(await find()).toBeNull();
  });

  it('does not take a link in a snapshot for the content of this hash', async () => {
    const commit = testCommit('1');
    await cache.putFile(commit, 'a.bin', 'CONTENT');
    const snapshot = { commit, path: 'a.bin' };
    const options = { cacheDir: cache.cacheDir, repo: TEST_REPO, hash: HASH, size: SIZE, snapshot };
    expect(await findBlob(options)).toBeNull();
  });
});

describe('findElsewhere', () => {
  const except = () => ({ cacheDir: cache.cacheDir, repo: TEST_REPO });
  const cacheDirs = () => [cache.cacheDir, other.cacheDir, '/no/such/cache'];

  it('finds the same content in another repository of another cache', async () => {
    await other.putBlob('content');
    expect(await findElsewhere({ cacheDirs: cacheDirs(), hash: HASH, size: SIZE, except: except() })).toEqual(
      [blobPath(other.cacheDir, 'someone/else', HASH)],
    );
  });

  it('finds it in another repository of the same cache, and the nearest first', async () => {
    await other.putBlob('content');
    const near = blobPath(cache.cacheDir, 'near/by', HASH);
    await mkdir(dirname(near), { recursive: true });
    await writeFile(near, 'content');
    const found = await findElsewhere({ cacheDirs: cacheDirs(), hash: HASH, size: SIZE, except: except() });
    expect(found).toEqual([near, blobPath(other.cacheDir, 'someone/else', HASH)]);
  });

  it('leaves out the repository itself, other lengths and partials', async () => {
    await cache.putBlob('content');
    await writeFile(blobPath(other.cacheDir, 'someone/else', HASH), 'shorter');
    await writeFile(`${blobPath(other.cacheDir, 'someone/else', HASH)}.incomplete`, 'content');
    const found = await findElsewhere({
      cacheDirs: cacheDirs(),
      hash: HASH,
      size: SIZE + 1,
      except: except(),
    });
    expect(found).toEqual([]);
    expect(
      await findElsewhere({ cacheDirs: [cache.cacheDir], hash: HASH, size: SIZE, except: except() }),
    ).toEqual([]);
  });

  it('names a content once when two repositories link to it', async () => {
    const real = await other.putBlob('content');
    const link = blobPath(cache.cacheDir, 'near/by', real);
    await mkdir(dirname(link), { recursive: true });
    await symlink(blobPath(other.cacheDir, 'someone/else', real), link);
    const found = await findElsewhere({ cacheDirs: cacheDirs(), hash: HASH, size: SIZE, except: except() });
    expect(found).toEqual([blobPath(other.cacheDir, 'someone/else', HASH)]);
  });

  it('stops when it is cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(
      findElsewhere({ cacheDirs: cacheDirs(), hash: HASH, size: SIZE, signal }),
    ).rejects.toMatchObject({ code: 'Cancelled' });
  });
});
