import {
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPath, partialPath, snapshotFile } from './layout.ts';
import { linkSnapshot } from './link-snapshot.ts';
import { writeRef } from './refs.ts';
import { removeRepository } from './remove.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache, testCommit } from './test-cache.ts';
import { withTrash } from './trash.ts';

const ONE = testCommit('1');
const TWO = testCommit('2');
const BIG = 'w'.repeat(10_000);
let cache: TestCache;
beforeEach(async () => {
  cache = await makeTestCache();
});
afterEach(() => cache.remove());

const inRepo = (...names: string[]) => join(cache.repositoryFolder, ...names);
const remove = (more: object = {}) =>
  removeRepository({ cacheDir: cache.cacheDir, repo: TEST_REPO, ...more });
const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

describe('removeRepository', () => {
  it('removes all of a repository with its locks and reports the freed space', async () => {
    await cache.putFile(ONE, 'a/b/model.bin', BIG);
    await cache.putFile(TWO, 'config.json', '{}');
    await writeRef(cache.cacheDir, TEST_REPO, 'refs/pr/1', ONE);
    await mkdir(join(cache.cacheDir, '.locks/models--org--model'), { recursive: true });
    await writeFile(join(cache.cacheDir, '.locks/models--org--model/x.lock'), '');
    await mkdir(inRepo('.no_exist', ONE), { recursive: true });
    await writeFile(inRepo('.no_exist', ONE, 'config.json'), '');
    expect(await remove()).toEqual({ repo: TEST_REPO, freedBytes: 10_002, removedSnapshots: 2 });
    expect(await readdir(cache.cacheDir)).toEqual(['.locks']);
    expect(await readdir(join(cache.cacheDir, '.locks'))).toEqual([]);
  });

  it('leaves other repositories alone', async () => {
    const other = blobPath(cache.cacheDir, 'org/model2', sha256('x'));
    await mkdir(join(other, '..'), { recursive: true });
    await writeFile(other, 'x');
    await remove();
    expect(await readFile(other, 'utf8')).toBe('x');
  });

  it('keeps partials unless requested, in a folder that scanners accept', async () => {
    await cache.putFile(ONE, 'config.json', '{}');
    const ours = partialPath(cache.cacheDir, TEST_REPO, sha256('x'));
    const theirs = `${blobPath(cache.cacheDir, TEST_REPO, sha256('x'))}.incomplete`;
    await writeFile(ours, 'x');
    await writeFile(theirs, 'yy');
    expect((await remove()).freedBytes).toBe(2);
    expect((await readdir(cache.repositoryFolder)).sort()).toEqual(['blobs', 'refs', 'snapshots']);
    expect((await remove({ includePartials: true })).freedBytes).toBe(1);
    expect(await readdir(inRepo('blobs'))).toEqual([`${sha256('x')}.incomplete`]);
    expect((await remove({ includeForeignPartials: true })).freedBytes).toBe(2);
    expect(await isThere(cache.repositoryFolder)).toBe(false);
  });

  it('removes one snapshot and keeps what another one shares', async () => {
    await cache.putFile(ONE, 'model.bin', BIG);
    await cache.putFile(ONE, 'nested/old.json', 'old');
    const shared = await cache.putFile(TWO, 'deep/model.bin', BIG);
    const orphan = await cache.putBlob('being installed');
    await writeRef(cache.cacheDir, TEST_REPO, 'old/branch', ONE);
    await writeRef(cache.cacheDir, TEST_REPO, 'main', TWO);
    expect(await remove({ commit: ONE })).toEqual({ repo: TEST_REPO, freedBytes: 3, removedSnapshots: 1 });
    expect(await readdir(inRepo('snapshots'))).toEqual([TWO]);
    expect(await readdir(inRepo('refs'))).toEqual(['main']);
    expect((await readdir(inRepo('blobs'))).sort()).toEqual([shared, orphan].sort());
    expect(await readFile(snapshotFile(cache.cacheDir, TEST_REPO, TWO, 'deep/model.bin'), 'utf8')).toBe(BIG);
  });

  it('keeps a blob that a snapshot refers to by an absolute link', async () => {
    const hash = await cache.putFile(ONE, 'model.bin', BIG);
    await mkdir(inRepo('snapshots', TWO));
    await symlink(inRepo('blobs', hash), inRepo('snapshots', TWO, 'model.bin'));
    await remove({ commit: ONE });
    expect(await isThere(inRepo('blobs', hash))).toBe(true);
  });

  it('removes the folder with its last snapshot', async () => {
    await cache.putFile(ONE, 'model.bin', BIG);
    await writeRef(cache.cacheDir, TEST_REPO, 'main', ONE);
    expect((await remove({ commit: ONE })).freedBytes).toBe(10_000);
    expect(await isThere(cache.repositoryFolder)).toBe(false);
  });

  it('unlinks a blob that is a link into a shared store and frees nothing', async () => {
    const hash = await cache.putFile(ONE, 'model.bin', BIG);
    const store = join(cache.cacheDir, 'blobs', 'ab');
    await mkdir(store, { recursive: true });
    await writeFile(join(store, hash), BIG);
    await rm(inRepo('blobs', hash));
    await symlink(`../../blobs/ab/${hash}`, inRepo('blobs', hash));
    expect((await remove()).freedBytes).toBe(0);
    expect(await readFile(join(store, hash), 'utf8')).toBe(BIG);
    expect(await isThere(cache.repositoryFolder)).toBe(false);
  });

  it('counts a hard-linked blob as freed only with its last name', async () => {
    const hash = await cache.putFile(ONE, 'model.bin', BIG);
    await link(inRepo('blobs', hash), join(cache.cacheDir, 'kept'));
    expect((await remove()).freedBytes).toBe(0);
    expect(await readFile(join(cache.cacheDir, 'kept'), 'utf8')).toBe(BIG);
  });

  it('counts a file once when all its hard links are removed', async () => {
    const hash = await cache.putFile(ONE, 'model.bin', BIG);
    await link(inRepo('blobs', hash), inRepo('snapshots', ONE, 'copy.bin'));
    expect((await remove()).freedBytes).toBe(10_000);
  });

  it('counts of a file with holes what it occupied', async () => {
    const partial = partialPath(cache.cacheDir, TEST_REPO, sha256('x'));
    await writeFile(partial, 'x'.repeat(4096));
    await truncate(partial, 100_000_000);
    const { freedBytes } = await remove({ includePartials: true });
    expect(freedBytes).toBeGreaterThanOrEqual(4096);
    expect(freedBytes).toBeLessThan(1_000_000);
  });

  it('frees the files of a cache without links', async () => {
    const hash = await cache.putBlob(BIG);
    const at = { cacheDir: cache.cacheDir, repo: TEST_REPO, commit: ONE, path: 'model.bin', hash };
    await linkSnapshot({ ...at, symlinks: false });
    expect((await remove({ commit: ONE })).freedBytes).toBe(10_000);
  });

  it('never follows a link out of the repository', async () => {
    const outside = join(cache.cacheDir, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'precious'), 'x');
    await cache.putFile(ONE, 'config.json', '{}');
    await symlink(outside, inRepo('snapshots', ONE, 'evil'));
    await symlink(outside, inRepo('refs', 'evil'));
    await symlink(outside, inRepo('blobs', 'evil'));
    await remove();
    expect(await readFile(join(outside, 'precious'), 'utf8')).toBe('x');
    expect(await isThere(cache.repositoryFolder)).toBe(false);
  });

  it.each(['blobs', 'snapshots', 'refs', ''])(
    'refuses when the folder "%s" is itself a link',
    async (name) => {
      const outside = join(cache.cacheDir, 'outside');
      await mkdir(outside);
      await writeFile(join(outside, sha256('x')), 'x');
      await rm(inRepo(name), { recursive: true });
      await symlink(outside, name === '' ? cache.repositoryFolder : inRepo(name));
      await expect(remove()).rejects.toMatchObject({ code: 'PathUnsafe' });
      expect(await readdir(outside)).toEqual([sha256('x')]);
    },
  );

  it('reports a missing repository or snapshot', async () => {
    await expect(remove({ repo: 'no/body' })).rejects.toMatchObject({ code: 'NotFound' });
    await expect(remove({ commit: TWO })).rejects.toMatchObject({ code: 'NotFound' });
  });

  it.each(['../org', '..', 'a/../../b', ''])('refuses the repository %j', async (repo) => {
    await expect(remove({ repo })).rejects.toMatchObject({ code: 'PathUnsafe' });
  });

  it('removes a repository with a name of the time before organisations', async () => {
    const old = await makeTestCache('gpt2');
    await removeRepository({ cacheDir: old.cacheDir, repo: 'gpt2' });
    expect(await isThere(old.repositoryFolder)).toBe(false);
    await old.remove();
  });
});

describe('a removal', () => {
  /** Another cache with the same repository, which must not be touched. */
  async function otherCache(): Promise<{ readonly cacheDir: string; readonly check: () => Promise<void> }> {
    const other = await makeTestCache();
    await other.putFile(ONE, 'config.json', 'theirs');
    await mkdir(join(other.repositoryFolder, '.no_exist', ONE), { recursive: true });
    await writeFile(join(other.repositoryFolder, '.no_exist', ONE, 'x'), '');
    await mkdir(join(other.cacheDir, '.locks/models--org--model'), { recursive: true });
    await writeFile(join(other.cacheDir, '.locks/models--org--model/x.lock'), '');
    const names = async () => (await readdir(other.cacheDir, { recursive: true })).sort();
    const before = await names();
    return {
      cacheDir: other.cacheDir,
      async check() {
        expect(await names()).toEqual(before);
        await other.remove();
      },
    };
  }

  it.each([
    ['.locks', (root: string) => join(root, '.locks')],
    ['the locks of the repository', (root: string) => join(root, '.locks/models--org--model')],
    ['.no_exist', (root: string) => join(root, 'models--org--model/.no_exist')],
    ['blobs', (root: string) => join(root, 'models--org--model/blobs')],
    ['a snapshot', (root: string) => join(root, 'models--org--model/snapshots', ONE)],
  ])('never goes through a link in the place of %s', async (_what, place) => {
    const other = await otherCache();
    await cache.putFile(TWO, 'config.json', '{}');
    const here = place(cache.cacheDir);
    await rm(here, { recursive: true, force: true });
    await mkdir(join(here, '..'), { recursive: true });
    await symlink(place(other.cacheDir), here);
    await expect(remove({ commit: ONE })).rejects.toMatchObject({ code: 'PathUnsafe' });
    await other.check();
  });

  it('leaves alone what was exchanged for something else while it was looked at', async () => {
    const other = await otherCache();
    const path = join(cache.repositoryFolder, 'blobs', 'x');
    await writeFile(path, 'ours');
    let isExchanged = false;
    const exchange = withTrash(cache.cacheDir, async (trash) => {
      const deletion = trash.remove(path, { removed: () => undefined, total: () => 0 });
      // Another process replaces the folder with a link as fast as it can.
      while (!isExchanged) {
        await rename(join(cache.repositoryFolder, 'blobs'), join(cache.repositoryFolder, 'was'));
        await symlink(
          join(other.cacheDir, 'models--org--model', 'blobs'),
          join(cache.repositoryFolder, 'blobs'),
        );
        isExchanged = true;
      }
      await deletion;
    });
    await exchange.catch((error) => expect(error).toMatchObject({ code: 'PathUnsafe' }));
    await other.check();
  });

  it('removes what an interrupted removal left', async () => {
    await cache.putFile(ONE, 'config.json', '{}');
    await mkdir(join(cache.cacheDir, '.haulyard-removed-x'));
    await writeFile(join(cache.cacheDir, '.haulyard-removed-x', '0'), 'x');
    await remove();
    expect((await readdir(cache.cacheDir)).filter((name) => name.startsWith('.haulyard'))).toEqual([]);
  });

  it('of a snapshot is refused when another one is too deep to see what it needs', async () => {
    const hash = await cache.putFile(ONE, 'config.json', '{}');
    const deep = inRepo('snapshots', TWO, ...Array.from({ length: 70 }, () => 'd'));
    await mkdir(deep, { recursive: true });
    await symlink(blobPath(cache.cacheDir, TEST_REPO, hash), join(deep, 'config.json'));
    await expect(remove({ commit: ONE })).rejects.toMatchObject({ code: 'PathUnsafe' });
    expect(await isThere(blobPath(cache.cacheDir, TEST_REPO, hash))).toBe(true);
  });
});
