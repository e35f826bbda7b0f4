import { describe, expect, it } from 'vitest';
import {
  blobPath,
  locksFolder,
  partialPath,
  refPath,
  repositoryFolder,
  repositoryOfFolder,
  snapshotFile,
  snapshotFolder,
} from './layout.ts';

const CACHE = '/cache';
const REPO = 'Org/some.Model';
const COMMIT = 'a'.repeat(40);
const HASH = 'b'.repeat(64);

describe('layout', () => {
  it('names folders and files as huggingface_hub does', () => {
    expect(repositoryFolder(CACHE, REPO)).toBe('/cache/models--Org--some.Model');
    expect(blobPath(CACHE, REPO, HASH)).toBe(`/cache/models--Org--some.Model/blobs/${HASH}`);
    expect(partialPath(CACHE, REPO, HASH)).toBe(`${blobPath(CACHE, REPO, HASH)}.haulyard.incomplete`);
    expect(snapshotFile(CACHE, REPO, COMMIT, 'a/b/c.bin')).toBe(
      `/cache/models--Org--some.Model/snapshots/${COMMIT}/a/b/c.bin`,
    );
    expect(refPath(CACHE, REPO, 'refs/pr/1')).toBe('/cache/models--Org--some.Model/refs/refs/pr/1');
    expect(locksFolder(CACHE, REPO)).toBe('/cache/.locks/models--Org--some.Model');
  });

  it('reads a folder name back to the repository it was made from', () => {
    for (const repo of [REPO, 'gpt2', 'a/b_c-d', 'datasets/a/b', 'spaces/a/b']) {
      expect(repositoryOfFolder(repositoryFolder(CACHE, repo).slice('/cache/'.length))).toBe(repo);
    }
  });

  it.each([
    'datasets--squad',
    'kernels--a--b',
    'models--',
    'models--a--b--c',
    'models--..--b',
    'gpt2',
    'models--a--',
    '.locks',
  ])('takes the folder %s for no model repository', (name) => {
    expect(repositoryOfFolder(name)).toBeNull();
  });

  it.each(['../x', 'a/../b', 'a/b/c', '/etc', 'a\\b', '..', '', '.', 'a--b/c', 'a/b\0', 'a/..b'])(
    'refuses the repository %j',
    (repo) => {
      expect(() => repositoryFolder(CACHE, repo)).toThrow(expect.objectContaining({ code: 'PathUnsafe' }));
    },
  );

  it.each(['', '..', 'A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(40)}\n`, '../'.repeat(20), `${HASH}/x`])(
    'refuses the hash %j',
    (hash) => {
      expect(() => blobPath(CACHE, REPO, hash)).toThrow(expect.objectContaining({ code: 'PathUnsafe' }));
    },
  );

  it.each(['main', '..', 'A'.repeat(40), 'a'.repeat(64)])('refuses the commit %j', (commit) => {
    expect(() => snapshotFolder(CACHE, REPO, commit)).toThrow(
      expect.objectContaining({ code: 'PathUnsafe' }),
    );
  });

  it.each(['../x', 'a/../../x', '/etc/passwd', 'a//b', '.', 'a\\..\\b', 'C:/x', 'a\0b', '', 'a/'])(
    'refuses the file path %j',
    (path) => {
      expect(() => snapshotFile(CACHE, REPO, COMMIT, path)).toThrow(
        expect.objectContaining({ code: 'PathUnsafe' }),
      );
    },
  );

  it.each([
    '',
    '..',
    'a/../b',
    '/main',
    'main/',
    'a//b',
    '.hidden',
    'a\\b',
    'a\0',
    'a b',
    'a:b',
    'x'.repeat(256),
    '\ud800',
  ])('refuses the revision %j', (revision) => {
    expect(() => refPath(CACHE, REPO, revision)).toThrow(expect.objectContaining({ code: 'PathUnsafe' }));
  });

  it('accepts a file name of 255 bytes, the longest there is', () => {
    expect(snapshotFile(CACHE, REPO, COMMIT, 'é'.repeat(127))).toContain('é');
  });
});
