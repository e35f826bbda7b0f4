import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPath } from './layout.ts';
import { linkSnapshot } from './link-snapshot.ts';
import { writeRef } from './refs.ts';
import { scanCache } from './scan.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache, testCommit } from './test-cache.ts';

const ONE = testCommit('1');
const TWO = testCommit('2');
let cache: TestCache;
beforeEach(async () => {
  cache = await makeTestCache();
});
afterEach(() => cache.remove());

const inRepo = (...names: string[]) => join(cache.repositoryFolder, ...names);

describe('scanCache', () => {
  it('finds snapshots with files, sizes, hashes and refs', async () => {
    const hash = await cache.putFile(ONE, 'a/b/model.bin', 'weights');
    await cache.putFile(ONE, 'config.json', '{}');
    await cache.putFile(TWO, 'model.bin', 'weights');
    await writeRef(cache.cacheDir, TEST_REPO, 'main', ONE);
    await writeRef(cache.cacheDir, TEST_REPO, 'refs/pr/1', ONE);
    const { snapshots, partials, warnings } = await scanCache(cache.cacheDir);
    expect(warnings).toEqual([]);
    expect(partials).toEqual([]);
    expect(snapshots).toEqual([
      {
        repo: TEST_REPO,
        commit: ONE,
        path: inRepo('snapshots', ONE),
        files: [
          { path: 'a/b/model.bin', size: 7, hash, broken: false },
          { path: 'config.json', size: 2, hash: sha256('{}'), broken: false },
        ],
        bytes: 9,
        refs: ['main', 'refs/pr/1'],
        complete: true,
      },
      expect.objectContaining({ commit: TWO, bytes: 7, refs: [], complete: true }),
    ]);
  });

  it('finds a cache without links', async () => {
    const hash = await cache.putBlob('weights');
    const at = { cacheDir: cache.cacheDir, repo: TEST_REPO, commit: ONE, path: 'model.bin', hash };
    await linkSnapshot({ ...at, symlinks: false });
    const { snapshots, warnings } = await scanCache(cache.cacheDir);
    expect(snapshots[0]).toMatchObject({ bytes: 7, complete: true, files: [{ hash: null, size: 7 }] });
    expect(warnings).toEqual([]);
  });

  it('calls a snapshot with a broken link incomplete', async () => {
    const hash = await cache.putFile(ONE, 'model.bin', 'weights');
    await cache.putFile(ONE, 'config.json', '{}');
    await rm(blobPath(cache.cacheDir, TEST_REPO, hash));
    const { snapshots, warnings } = await scanCache(cache.cacheDir);
    expect(snapshots[0]).toMatchObject({ complete: false, bytes: 2 });
    expect(warnings).toEqual([expect.stringContaining('model.bin')]);
  });

  it('lists partials with what they occupy, not with their length', async () => {
    await cache.putFile(ONE, 'config.json', '{}');
    const path = `${blobPath(cache.cacheDir, TEST_REPO, sha256('x'))}.incomplete`;
    await writeFile(path, 'x'.repeat(4096));
    await truncate(path, 50_000_000);
    const { snapshots, partials } = await scanCache(cache.cacheDir);
    expect(partials).toMatchObject([{ repo: TEST_REPO, path }]);
    expect(partials[0]?.bytes).toBeGreaterThanOrEqual(4096);
    expect(partials[0]?.bytes).toBeLessThan(1_000_000);
    expect(snapshots[0]?.complete).toBe(false);
  });

  it('calls a snapshot complete when the partial left is of a content that is there', async () => {
    const hash = await cache.putFile(ONE, 'model.bin', 'weights');
    await writeFile(`${blobPath(cache.cacheDir, TEST_REPO, hash)}.0a1b2c3d.incomplete`, 'weig');
    const { snapshots, partials } = await scanCache(cache.cacheDir);
    expect(snapshots[0]?.complete).toBe(true);
    expect(partials).toHaveLength(1);
  });

  it('finds a file through a blob that is a link into a shared store', async () => {
    const hash = await cache.putFile(ONE, 'model.bin', 'weights');
    const store = join(cache.cacheDir, 'blobs', 'ab');
    await mkdir(store, { recursive: true });
    await writeFile(join(store, hash), 'weights');
    await rm(blobPath(cache.cacheDir, TEST_REPO, hash));
    await symlink(`../../blobs/ab/${hash}`, blobPath(cache.cacheDir, TEST_REPO, hash));
    const { snapshots, warnings } = await scanCache(cache.cacheDir);
    expect(snapshots[0]).toMatchObject({ bytes: 7, complete: true, files: [{ hash }] });
    expect(warnings).toEqual([]);
  });

  it('passes over other kinds of repositories, locks, tags and hidden files', async () => {
    for (const name of ['datasets--squad', 'kernels--a--b', '.locks', 'blobs']) {
      await mkdir(join(cache.cacheDir, name));
    }
    await writeFile(join(cache.cacheDir, 'CACHEDIR.TAG'), '');
    await writeFile(inRepo('snapshots', '.DS_Store'), '');
    expect(await scanCache(cache.cacheDir)).toEqual({ snapshots: [], partials: [], warnings: [] });
  });

  it('reports what is odd and still finds the rest', async () => {
    await cache.putFile(ONE, 'config.json', '{}');
    await cache.putBlob('unused');
    await mkdir(join(cache.cacheDir, 'stray'));
    await mkdir(join(cache.cacheDir, 'models--a--b--c'));
    await writeFile(join(cache.cacheDir, 'models--file--file'), '');
    await symlink('nowhere', join(cache.cacheDir, 'models--gone--gone'));
    await writeFile(inRepo('snapshots', 'README'), '');
    await symlink('/', inRepo('snapshots', TWO));
    await writeFile(inRepo('refs', 'odd'), 'x');
    await writeFile(inRepo('refs', 'lost'), testCommit('9'));
    const { snapshots, warnings } = await scanCache(cache.cacheDir);
    expect(snapshots.map(({ commit }) => commit)).toEqual([ONE]);
    for (const odd of ['stray', 'models--a--b--c', 'models--file--file', 'models--gone', 'README', TWO]) {
      expect(warnings.join('\n')).toContain(odd);
    }
    expect(warnings.join('\n')).toContain(`${inRepo('refs', 'odd')} holds no commit`);
    expect(warnings.join('\n')).toContain(`${inRepo('refs', 'lost')} points to a snapshot that is not there`);
    expect(warnings.join('\n')).toContain('1 finished files that no snapshot uses');
  });

  it('does not walk through a link to a folder', async () => {
    await cache.putFile(ONE, 'config.json', '{}');
    await symlink('/usr', inRepo('snapshots', ONE, 'loop'));
    const { snapshots } = await scanCache(cache.cacheDir);
    expect(snapshots[0]?.files.map(({ path, broken }) => [path, broken])).toEqual([
      ['config.json', false],
      ['loop', true],
    ]);
  });

  it('warns about a file where a folder belongs', async () => {
    await rm(inRepo('snapshots'), { recursive: true });
    await writeFile(inRepo('snapshots'), '');
    const { warnings } = await scanCache(cache.cacheDir);
    expect(warnings).toEqual([expect.stringContaining('snapshots should be a folder')]);
  });

  it('is empty for a missing cache and warns about one that is a file', async () => {
    expect(await scanCache(join(cache.cacheDir, 'no'))).toEqual({
      snapshots: [],
      partials: [],

      warnings: [],
    });
    await writeFile(join(cache.cacheDir, 'file'), '');
    expect((await scanCache(join(cache.cacheDir, 'file'))).warnings).toHaveLength(1);
  });

  it('stops when it is cancelled', async () => {
    await expect(scanCache(cache.cacheDir, AbortSignal.abort())).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it('scans 3,000 files in less than five seconds', async () => {
    const hash = await cache.putFile(ONE, 'first.bin', 'x');
    const names = Array.from({ length: 3000 }, (_, index) => `f${index}`);
    for (const name of names) await symlink(`../../blobs/${hash}`, inRepo('snapshots', ONE, name));
    const start = performance.now();
    const { snapshots } = await scanCache(cache.cacheDir);
    expect(snapshots[0]?.files).toHaveLength(3001);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
