import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adoptBlob, isFinishedBlob } from './adopt.ts';
import { blobPath, partialPath } from './layout.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache } from './test-cache.ts';

const HASH = sha256('content');
let cache: TestCache;
let source = '';
let target = '';
beforeEach(async () => {
  cache = await makeTestCache();
  target = blobPath(cache.cacheDir, TEST_REPO, HASH);
  source = blobPath(cache.cacheDir, 'other/model', HASH);
  await mkdir(dirname(source), { recursive: true });
  await writeFile(source, 'content');
});
afterEach(() => cache.remove());

const namesBeside = (path: string) => readdir(dirname(path));

describe('adoptBlob', () => {
  it('clones a finished blob of the cache without a second copy where the volume allows it', async () => {
    const method = await adoptBlob(source, target, undefined);
    expect(['clone', 'link']).toContain(method);
    expect(await readFile(target, 'utf8')).toBe('content');
    expect(await namesBeside(target)).toEqual([HASH]);
  });

  it.each([
    { what: 'that its group may write to', change: () => chmod(source, 0o664), isHere: true },
    { what: 'of another owner', change: () => chown(source, 65534, 65534), isHere: process.getuid?.() === 0 },
  ])('never links a blob $what, who could change it after the check', async ({ change, isHere }) => {
    if (!isHere) return;
    await change();
    expect(['clone', 'copy']).toContain(await adoptBlob(source, target, undefined));
    expect((await stat(target)).nlink).toBe(1);
  });

  it('never links a file of the user, which they may continue to edit', async () => {
    const own = join(cache.cacheDir, 'own.bin');
    await writeFile(own, 'content', { mode: 0o755 });
    expect(['clone', 'copy']).toContain(await adoptBlob(own, target, undefined));
    await writeFile(own, 'changed');
    expect(await readFile(target, 'utf8')).toBe('content');
    expect((await stat(target)).nlink).toBe(1);
    expect((await stat(target)).mode & 0o111).toBe(0);
  });

  it('never links into a partial, for writing there would change the source', async () => {
    const partial = partialPath(cache.cacheDir, TEST_REPO, HASH);
    await adoptBlob(source, partial, undefined);
    await writeFile(partial, 'CHANGED', { flag: 'r+' });
    expect(await readFile(source, 'utf8')).toBe('content');
  });

  it('copies a content larger than the buffer exactly', async () => {
    const big = Buffer.alloc(9 * 1024 * 1024 + 17, 'abcdefg');
    const own = join(cache.cacheDir, 'own.bin');
    await writeFile(own, big);
    await adoptBlob(own, target, undefined);
    expect((await readFile(target)).equals(big)).toBe(true);
  });

  it('follows a source that is a link and adopts the content', async () => {
    const link = join(cache.cacheDir, 'link');
    await symlink(source, link);
    await adoptBlob(link, target, undefined);
    expect((await lstat(target)).isFile()).toBe(true);
    expect(await readFile(target, 'utf8')).toBe('content');
  });

  it('leaves everything as it is when the target is the source already', async () => {
    await adoptBlob(source, target, undefined);
    await adoptBlob(target, target, undefined);
    expect(await adoptBlob(source, target, undefined)).toEqual(expect.any(String));
    expect(await namesBeside(target)).toEqual([HASH]);
    expect(await readFile(source, 'utf8')).toBe('content');
  });

  it('takes a source that is read-only and makes an ordinary file of a copy', async () => {
    const own = join(cache.cacheDir, 'own.bin');
    await writeFile(own, 'content');
    const ordinary = (await stat(own)).mode;
    await chmod(own, 0o444);
    await adoptBlob(own, target, undefined);
    expect((await stat(target)).mode).toBe(ordinary);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    await expect(adoptBlob(source, target, AbortSignal.abort())).rejects.toMatchObject({ code: 'Cancelled' });
    expect(await namesBeside(target)).toEqual([]);
  });

  it('leaves nothing behind when it is cancelled in the middle of a copy', async () => {
    const own = join(cache.cacheDir, 'own.bin');
    await writeFile(own, Buffer.alloc(9 * 1024 * 1024));
    let asked = 0;
    const signal = {
      ...new AbortController().signal,
      get aborted() {
        return ++asked > 2;
      },
    } as AbortSignal;
    const method = await adoptBlob(own, target, signal).catch((cause: unknown) => cause);
    // A volume that clones is done before it could be canceled.
    if (method === 'clone') return;
    expect(method).toMatchObject({ code: 'Cancelled' });
    expect(await namesBeside(target)).toEqual([]);
  });

  it('copies a blob of a cache on another volume', async ({ skip }) => {
    const there = await stat('/dev/shm').catch(() => null);
    skip(there === null || there.dev === (await stat(cache.cacheDir)).dev, 'no other volume here');
    const elsewhere = await mkdtemp('/dev/shm/haulyard-');
    const far = blobPath(elsewhere, TEST_REPO, HASH);
    await mkdir(dirname(far), { recursive: true });
    await writeFile(far, 'content');
    expect(await adoptBlob(far, target, undefined)).toBe('copy');
    expect(await readFile(target, 'utf8')).toBe('content');
    await rm(elsewhere, { recursive: true });
  });

  it.each(['missing', 'folder'])('refuses a source that is %s', async (kind) => {
    const path = join(cache.cacheDir, kind);
    if (kind === 'folder') await mkdir(path);
    await expect(adoptBlob(path, target, undefined)).rejects.toMatchObject({ code: 'BadRequest' });
    expect(await namesBeside(target)).toEqual([]);
  });
});

describe('isFinishedBlob', () => {
  it.each([
    [`/c/models--a--b/blobs/${HASH}`, true],
    [`/c/blobs/ab/${HASH}`, true],
    [`/c/models--a--b/blobs/${HASH}.incomplete`, false],
    [`/c/models--a--b/snapshots/${HASH}`, false],
    [`/home/ann/blobs/${HASH}`, false],
    ['/home/ann/model.safetensors', false],
  ])('says of %s %s', (path, expected) => {
    expect(isFinishedBlob(path)).toBe(expected);
  });
});
