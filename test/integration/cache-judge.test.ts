import { stat, writeFile } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { type HFCacheInfo, scanCacheDir } from '@huggingface/hub';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partialPath } from '../../src/engine/cache/layout.ts';
import { writeRef } from '../../src/engine/cache/refs.ts';
import { removeRepository } from '../../src/engine/cache/remove.ts';
import { scanCache } from '../../src/engine/cache/scan.ts';
import {
  makeTestCache,
  sha256,
  TEST_REPO,
  type TestCache,
  testCommit,
} from '../../src/engine/cache/test-cache.ts';

const OLD = testCommit('1');
const NEW = testCommit('2');
const WEIGHTS = 'w'.repeat(100_000);

let cache: TestCache;
beforeEach(async () => {
  cache = await makeTestCache();
  await cache.putFile(OLD, 'config.json', '{"version":1}');
  await cache.putFile(OLD, 'model.safetensors', WEIGHTS);
  await cache.putFile(NEW, 'config.json', '{"version":22}');
  await cache.putFile(NEW, 'model.safetensors', WEIGHTS);
  await cache.putFile(NEW, 'onnx/int8/model.onnx', 'nested');
  await writeRef(cache.cacheDir, TEST_REPO, 'main', NEW);
  await writeRef(cache.cacheDir, TEST_REPO, 'refs/pr/1', OLD);
});
afterEach(() => cache.remove());

/** The warnings of huggingface.js's scanner; it does not look into folders of a snapshot. */
function summary(info: HFCacheInfo) {
  return info.repos.flatMap((repo) =>
    repo.revisions.map((revision) => ({
      repo: `${repo.id.type} ${repo.id.name}`,
      commit: revision.commitOid,
      refs: revision.refs,
      files: revision.files
        .map((file) => [basename(file.path), file.blob.size, basename(file.blob.path)])
        .sort(),
    })),
  );
}

const weights = ['model.safetensors', 100_000, sha256(WEIGHTS)];

describe('a repository written by the engine, read by huggingface.js', () => {
  it('is listed without a warning, with the right sizes, blobs and refs', async () => {
    const info = await scanCacheDir(cache.cacheDir);
    expect(info.warnings).toEqual([]);
    expect(summary(info).sort((a, b) => a.commit.localeCompare(b.commit))).toEqual([
      {
        repo: `model ${TEST_REPO}`,
        commit: OLD,
        refs: [],
        files: [['config.json', 13, sha256('{"version":1}')], weights],
      },
      {
        repo: `model ${TEST_REPO}`,
        commit: NEW,
        refs: ['main'],
        files: [['config.json', 14, sha256('{"version":22}')], weights],
      },
    ]);
    expect(info.size).toBe(100_000 + 13 + 14);
  });

  it('agrees with our own scan about what both look at', async () => {
    const theirs = await scanCacheDir(cache.cacheDir);
    const ours = await scanCache(cache.cacheDir);
    expect(ours.warnings).toEqual([]);
    for (const revision of theirs.repos.flatMap((repo) => repo.revisions)) {
      const snapshot = ours.snapshots.find(({ commit }) => commit === revision.commitOid);
      const topLevel = snapshot?.files.filter((file) => !file.path.includes('/'));
      expect(topLevel?.map(({ path, size }) => [path, size]).sort()).toEqual(
        revision.files.map((file) => [relative(revision.path, file.path), file.blob.size]).sort(),
      );
    }
  });

  it('is listed without a warning while a download is under way', async () => {
    await writeFile(partialPath(cache.cacheDir, TEST_REPO, sha256('next')), 'ne');
    expect((await scanCacheDir(cache.cacheDir)).warnings).toEqual([]);
  });

  it('is listed without a warning after one snapshot was removed, and loses nothing shared', async () => {
    await removeRepository({ cacheDir: cache.cacheDir, repo: TEST_REPO, commit: OLD });
    const info = await scanCacheDir(cache.cacheDir);
    expect(info.warnings).toEqual([]);
    expect(summary(info)).toMatchObject([
      { commit: NEW, files: [['config.json', 14, sha256('{"version":22}')], weights] },
    ]);
  });

  it('is listed without a warning when only a partial is left of it', async () => {
    const partial = partialPath(cache.cacheDir, TEST_REPO, sha256('next'));
    await writeFile(partial, 'ne');
    await removeRepository({ cacheDir: cache.cacheDir, repo: TEST_REPO });
    const info = await scanCacheDir(cache.cacheDir);
    expect(info.warnings).toEqual([]);
    expect(info.repos).toMatchObject([{ size: 0, revisions: [] }]);
    expect((await stat(partial)).size).toBe(2);
  });
});
