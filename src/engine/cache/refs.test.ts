import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refPath } from './layout.ts';
import { listRefs, readRefFile, writeRef } from './refs.ts';
import { makeTestCache, TEST_REPO, type TestCache, testCommit } from './test-cache.ts';

const ONE = testCommit('1');
const TWO = testCommit('2');
let cache: TestCache;
beforeEach(async () => {
  cache = await makeTestCache();
});
afterEach(() => cache.remove());

const write = (revision: string, commit: string) => writeRef(cache.cacheDir, TEST_REPO, revision, commit);
const ref = (revision: string) => refPath(cache.cacheDir, TEST_REPO, revision);

describe('writeRef', () => {
  it('writes the commit without a newline, which other tools would not forgive', async () => {
    expect(await write('main', ONE)).toBe(true);
    expect(await readFile(ref('main'), 'utf8')).toBe(ONE);
  });

  it('writes a revision with slashes into folders', async () => {
    await write('refs/pr/1', ONE);
    expect(await readFile(join(cache.repositoryFolder, 'refs/refs/pr/1'), 'utf8')).toBe(ONE);
  });

  it('writes nothing for a commit, nor when nothing changed', async () => {
    expect(await write(ONE, ONE)).toBe(false);
    await write('main', ONE);
    const before = await lstat(ref('main'));
    expect(await write('main', ONE)).toBe(false);
    expect((await lstat(ref('main'))).ino).toBe(before.ino);
    expect(await readdir(join(cache.repositoryFolder, 'refs'))).toEqual(['main']);
  });

  it('moves a ref, and fixes one with a newline', async () => {
    await writeFile(ref('main'), `${ONE}\n`);
    expect(await write('main', ONE)).toBe(true);
    expect(await write('main', TWO)).toBe(true);
    expect(await readFile(ref('main'), 'utf8')).toBe(TWO);
  });

  it('leaves no temporary file behind', async () => {
    await write('main', ONE);
    expect((await readdir(cache.repositoryFolder)).sort()).toEqual(['blobs', 'refs', 'snapshots']);
  });

  it.each(['../main', 'a/../../b', '/main', '', 'a\\b'])('refuses the revision %j', async (revision) => {
    await expect(write(revision, ONE)).rejects.toMatchObject({ code: 'PathUnsafe' });
  });

  it('refuses a commit that is none', async () => {
    await expect(write('main', '<html>')).rejects.toMatchObject({ code: 'PathUnsafe' });
  });

  it('refuses a folder on the way that is a link', async () => {
    const outside = join(cache.cacheDir, 'outside');
    await mkdir(outside);
    await symlink(outside, join(cache.repositoryFolder, 'refs', 'refs'));
    await expect(write('refs/pr/1', ONE)).rejects.toMatchObject({ code: 'PathUnsafe' });
    expect(await readdir(outside)).toEqual([]);
  });

  it('refuses to replace a folder', async () => {
    await write('a/b', ONE);
    await expect(write('a', ONE)).rejects.toMatchObject({ code: 'PathUnsafe' });
  });
});

describe('readRefFile', () => {
  it('forgives a newline and takes nothing else for a commit', async () => {
    await writeFile(ref('newline'), `${ONE}\n`);
    await writeFile(ref('short'), ONE.slice(1));
    await writeFile(ref('long'), ONE.repeat(100));
    expect(await readRefFile(ref('newline'))).toBe(ONE);
    expect(await readRefFile(ref('short'))).toBeNull();
    expect(await readRefFile(ref('long'))).toBeNull();
    expect(await readRefFile(ref('absent'))).toBeNull();
  });
});

describe('listRefs', () => {
  it('finds nested refs and reports what is not a ref', async () => {
    await write('main', ONE);
    await write('refs/pr/1', TWO);
    await writeFile(ref('odd'), 'x');
    const odd: string[] = [];
    const refs = await listRefs(join(cache.repositoryFolder, 'refs'), (sentence) => odd.push(sentence));
    expect(refs.map(({ revision, commit }) => [revision, commit]).sort()).toEqual([
      ['main', ONE],
      ['refs/pr/1', TWO],
    ]);
    expect(odd).toEqual([expect.stringContaining('odd')]);
  });

  it('is empty without a folder', async () => {
    expect(await listRefs(join(cache.repositoryFolder, 'nothing'), () => undefined)).toEqual([]);
  });
});
