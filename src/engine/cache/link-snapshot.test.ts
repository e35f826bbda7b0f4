import { lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPath, snapshotFile } from './layout.ts';
import { linkSnapshot } from './link-snapshot.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache, testCommit } from './test-cache.ts';

const ONE = testCommit('1');
const TWO = testCommit('2');
let cache: TestCache;
beforeEach(async () => {
  cache = await makeTestCache();
});
afterEach(() => cache.remove());

const at = (path: string, commit = ONE) => snapshotFile(cache.cacheDir, TEST_REPO, commit, path);
const place = (path: string, hash: string, more: object = {}) =>
  linkSnapshot({
    cacheDir: cache.cacheDir,
    repo: TEST_REPO,
    commit: ONE,
    path,
    hash,
    symlinks: true,
    ...more,
  });

describe('linkSnapshot with links', () => {
  it('makes a relative link with one more step up for each folder', async () => {
    const hash = await cache.putBlob('x');
    await place('top.bin', hash);
    await place('a/b/deep.bin', hash);
    expect(await readlink(at('top.bin'))).toBe(`../../blobs/${hash}`);
    expect(await readlink(at('a/b/deep.bin'))).toBe(`../../../../blobs/${hash}`);
    expect(await readFile(at('a/b/deep.bin'), 'utf8')).toBe('x');
  });

  it('leaves nothing behind but the link', async () => {
    await place('top.bin', await cache.putBlob('x'));
    expect(await readdir(dirname(at('top.bin')))).toEqual(['top.bin']);
    expect((await readdir(cache.repositoryFolder)).sort()).toEqual(['blobs', 'refs', 'snapshots']);
  });

  it('does nothing when the link is right already', async () => {
    const hash = await cache.putBlob('x');
    await place('top.bin', hash);
    const before = await lstat(at('top.bin'));
    await place('top.bin', hash);
    expect((await lstat(at('top.bin'))).ino).toBe(before.ino);
  });

  it('replaces a link that leads elsewhere, and a file', async () => {
    const hash = await cache.putBlob('new');
    await place('a.bin', await cache.putBlob('old'));
    await writeFile(at('b.bin'), 'plain');
    await place('a.bin', hash);
    await place('b.bin', hash);
    expect(await readFile(at('a.bin'), 'utf8')).toBe('new');
    expect(await readlink(at('b.bin'))).toBe(`../../blobs/${hash}`);
  });

  it('can place a name of 255 bytes', async () => {
    const name = `${'é'.repeat(126)}abc`;
    await place(name, await cache.putBlob('x'));
    expect(await readFile(at(name), 'utf8')).toBe('x');
  });

  it('refuses a folder on the way that is a link, and writes nothing through it', async () => {
    const outside = join(cache.cacheDir, 'outside');
    await mkdir(outside);
    const hash = await cache.putBlob('x');
    await place('top.bin', hash);
    await symlink(outside, at('evil'));
    await expect(place('evil/config.json', hash)).rejects.toMatchObject({ code: 'PathUnsafe' });
    await expect(place('evil/a/config.json', hash)).rejects.toMatchObject({ code: 'PathUnsafe' });
    expect(await readdir(outside)).toEqual([]);
  });

  it('refuses a snapshot folder that is a link', async () => {
    const outside = join(cache.cacheDir, 'outside');
    await mkdir(outside);
    await symlink(outside, dirname(at('x')));
    await expect(place('x', await cache.putBlob('x'))).rejects.toMatchObject({ code: 'PathUnsafe' });
    expect(await readdir(outside)).toEqual([]);
  });

  it('rejects a parent folder that is a file, and a folder in place of the file', async () => {
    const hash = await cache.putBlob('x');
    await place('a', hash);
    await expect(place('a/b', hash)).rejects.toMatchObject({ code: 'PathUnsafe' });
    await mkdir(at('folder'));
    await expect(place('folder', hash)).rejects.toMatchObject({ code: 'PathUnsafe' });
  });

  it.each(['../escape', 'a/../../escape', '/etc/escape', 'a\\b'])('refuses the path %s', async (path) => {
    await expect(place(path, await cache.putBlob('x'))).rejects.toMatchObject({ code: 'PathUnsafe' });
  });

  it('makes no link to a missing blob', async () => {
    await expect(place('a', sha256('nothing'))).rejects.toMatchObject({ code: 'Internal' });
    await expect(lstat(at('a'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('linkSnapshot without links', () => {
  const noLinks = { symlinks: false };

  it('moves the blob into the snapshot', async () => {
    const hash = await cache.putBlob('x');
    await place('a/b.bin', hash, noLinks);
    expect((await lstat(at('a/b.bin'))).isFile()).toBe(true);
    expect(await readFile(at('a/b.bin'), 'utf8')).toBe('x');
    expect(await readdir(join(cache.repositoryFolder, 'blobs'))).toEqual([]);
  });

  it('is content when the blob was moved there before', async () => {
    const hash = await cache.putBlob('x');
    await place('a.bin', hash, noLinks);
    expect(await place('a.bin', hash, noLinks)).toBe(at('a.bin'));
  });

  it('copies a blob that another file of the download needs', async () => {
    const hash = await cache.putBlob('x');
    await place('a.bin', hash, { ...noLinks, keepBlob: true });
    await place('b.bin', hash, noLinks);
    expect(await readFile(at('a.bin'), 'utf8')).toBe('x');
    expect(await readFile(at('b.bin'), 'utf8')).toBe('x');
  });

  it('copies a blob that a link of another snapshot points to', async () => {
    const hash = await cache.putFile(TWO, 'old.bin', 'x');
    await place('a.bin', hash, noLinks);
    expect((await lstat(at('a.bin'))).isFile()).toBe(true);
    expect(await readFile(at('old.bin', TWO), 'utf8')).toBe('x');
  });

  it('copies from where the content was moved when it is no longer among the blobs', async () => {
    const hash = await cache.putBlob('x');
    const first = await place('a.bin', hash, noLinks);
    await place('b.bin', hash, { ...noLinks, source: first });
    expect(await readFile(at('a.bin'), 'utf8')).toBe('x');
    expect(await readFile(at('b.bin'), 'utf8')).toBe('x');
    expect((await lstat(at('b.bin'))).ino).not.toBe((await lstat(first)).ino);
  });

  it('copies the target of a blob that is a link into a shared store', async () => {
    const store = join(cache.cacheDir, 'store');
    await writeFile(store, 'shared');
    await symlink(store, blobPath(cache.cacheDir, TEST_REPO, sha256('shared')));
    await place('a.bin', sha256('shared'), noLinks);
    expect((await lstat(at('a.bin'))).isFile()).toBe(true);
    expect(await readFile(store, 'utf8')).toBe('shared');
  });

  it('moves the blob over its own old link', async () => {
    const hash = await cache.putFile(ONE, 'a.bin', 'x');
    await place('a.bin', hash, noLinks);
    expect((await lstat(at('a.bin'))).isFile()).toBe(true);
    expect(await readdir(join(cache.repositoryFolder, 'blobs'))).toEqual([]);
  });

  it('refuses when the content is nowhere', async () => {
    const hash = await cache.putBlob('x');
    await rm(blobPath(cache.cacheDir, TEST_REPO, hash));
    await expect(place('a.bin', hash, noLinks)).rejects.toMatchObject({ code: 'Internal' });
  });
});
