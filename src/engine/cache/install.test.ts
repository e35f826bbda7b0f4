import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installBlob } from './install.ts';
import { blobPath, partialPath } from './layout.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache } from './test-cache.ts';

const CONTENT = 'weights';
const HASH = sha256(CONTENT);
let cache: TestCache;
let partial = '';
let blob = '';
beforeEach(async () => {
  cache = await makeTestCache();
  partial = partialPath(cache.cacheDir, TEST_REPO, HASH);
  blob = blobPath(cache.cacheDir, TEST_REPO, HASH);
});
afterEach(() => cache.remove());

const install = (size?: number) =>
  installBlob({
    cacheDir: cache.cacheDir,
    repo: TEST_REPO,
    hash: HASH,
    ...(size === undefined ? {} : { size }),
  });

describe('installBlob', () => {
  it('gives the partial the name of its hash and leaves nothing else', async () => {
    await writeFile(partial, CONTENT);
    expect(await install(CONTENT.length)).toBe(blob);
    expect(await readFile(blob, 'utf8')).toBe(CONTENT);
    expect(await readdir(join(cache.repositoryFolder, 'blobs'))).toEqual([HASH]);
  });

  it('replaces a damaged blob of the same hash', async () => {
    await writeFile(blob, 'damaged');
    await writeFile(partial, CONTENT);
    await install();
    expect(await readFile(blob, 'utf8')).toBe(CONTENT);
  });

  it('replaces a link into a shared store and leaves the store alone', async () => {
    const store = join(cache.cacheDir, 'store');
    await writeFile(store, 'theirs');
    await symlink(store, blob);
    await writeFile(partial, CONTENT);
    await install();
    expect((await lstat(blob)).isFile()).toBe(true);
    expect(await readFile(store, 'utf8')).toBe('theirs');
  });

  it('takes away the right to execute and gives the mode of a new file', async () => {
    await writeFile(partial, CONTENT, { mode: 0o700 });
    await writeFile(join(cache.cacheDir, 'ordinary'), '');
    await install();
    const ordinary = (await lstat(join(cache.cacheDir, 'ordinary'))).mode;
    expect((await lstat(blob)).mode).toBe(ordinary);
  });

  it('refuses a partial of another length and keeps it', async () => {
    await writeFile(partial, CONTENT);
    await expect(install(CONTENT.length + 1)).rejects.toMatchObject({ code: 'Internal' });
    expect(await readFile(partial, 'utf8')).toBe(CONTENT);
    await expect(lstat(blob)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a link in place of the partial', async () => {
    await writeFile(join(cache.cacheDir, 'other'), CONTENT);
    await symlink(join(cache.cacheDir, 'other'), partial);
    await expect(install()).rejects.toMatchObject({ code: 'PathUnsafe' });
    expect(await readlink(partial)).toBe(join(cache.cacheDir, 'other'));
  });

  it('refuses a folder in place of the blob and keeps the partial', async () => {
    await mkdir(blob);
    await writeFile(partial, CONTENT);
    await expect(install()).rejects.toMatchObject({ code: 'PathUnsafe' });
    expect(await readFile(partial, 'utf8')).toBe(CONTENT);
  });

  it('reports a disk error when there is no partial', async () => {
    await expect(install()).rejects.toMatchObject({ code: 'DiskMissing' });
  });
});
