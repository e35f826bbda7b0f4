import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeRef } from '../../cache/refs.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache, testCommit } from '../../cache/test-cache.ts';
import { linksInto } from './links.ts';
import { type PruneFacts, prunePlan } from './prune-plan.ts';

const HOUR_MS = 3_600_000;
const NO_TOOLS = { lmStudio: [], ollama: [] };

describe('what nothing needs', () => {
  let cache: TestCache;
  beforeEach(async () => {
    cache = await makeTestCache();
    await cache.putFile(testCommit('a'), 'kept', 'kept content');
    await writeRef(cache.cacheDir, TEST_REPO, 'main', testCommit('a'));
  });
  afterEach(() => cache.remove());

  async function plan(changes: Partial<PruneFacts> = {}) {
    const items = await prunePlan({
      cacheDir: cache.cacheDir,
      links: await linksInto([cache.cacheDir], NO_TOOLS),
      isPinned: () => false,
      isBusy: () => false,
      needs: () => null,
      nowMs: Date.now() + 2 * HOUR_MS,
      signal: new AbortController().signal,
      ...changes,
    });
    return items.map(({ kind, path, bytes }) => ({ kind, name: path.split('/').at(-1), bytes }));
  }

  it('is nothing in a cache in which all is named', async () => {
    expect(await plan()).toEqual([]);
  });

  it('is a content that no revision shows, once it has rested', async () => {
    const hash = await cache.putBlob('alone');
    expect(await plan({ nowMs: Date.now() })).toEqual([]);
    expect(await plan()).toEqual([{ kind: 'content', name: hash, bytes: 5 }]);
  });

  it('is not a content that a folder with another name than a commit shows', async () => {
    const hash = await cache.putBlob('alone');
    const folder = join(cache.repositoryFolder, 'snapshots', 'by-hand');
    await mkdir(folder);
    await symlink(join(cache.repositoryFolder, 'blobs', hash), join(folder, 'name'));
    expect(await plan()).toEqual([]);
  });

  it('is not a content that a link of LM Studio leads to', async () => {
    const hash = await cache.putBlob('alone');
    const models = join(cache.cacheDir, '..', `tools-${process.pid}`, 'org', 'name');
    await mkdir(models, { recursive: true });
    try {
      await symlink(join(cache.repositoryFolder, 'blobs', hash), join(models, 'm.gguf'));
      const links = await linksInto([cache.cacheDir], { lmStudio: [join(models, '..', '..')], ollama: [] });
      expect(await plan({ links })).toEqual([]);
    } finally {
      await rm(join(models, '..', '..'), { recursive: true });
    }
  });

  it('is an unfinished file of another tool once it has rested, and ours unless a download needs it', async () => {
    const blobs = join(cache.repositoryFolder, 'blobs');
    await writeFile(join(blobs, `${sha256('x')}.incomplete`), 'part');
    await writeFile(join(blobs, `${sha256('y')}.haulyard.incomplete`), 'part');
    const names = async (changes: Partial<PruneFacts>) => (await plan(changes)).map(({ name }) => name);
    expect(await names({ nowMs: Date.now() })).toEqual([`${sha256('y')}.haulyard.incomplete`]);
    expect(await names({})).toHaveLength(2);
    expect(await names({ needs: () => 'id' })).toEqual([]);
  });

  it('is a link whose content is gone, and none while the folder of contents itself is gone', async () => {
    const hash = await cache.putFile(testCommit('a'), 'gone', 'gone content');
    const blobs = join(cache.repositoryFolder, 'blobs');
    await rm(join(blobs, hash));
    expect(await plan()).toEqual([{ kind: 'link', name: 'gone', bytes: 0 }]);
    await rename(blobs, `${blobs}-elsewhere`);
    expect(await plan()).toEqual([]);
    await symlink('/nowhere/at/all', blobs);
    expect(await plan()).toEqual([]);
  });

  it('is a revision that no branch names, with what only it shows', async () => {
    await cache.putFile(testCommit('b'), 'kept', 'kept content');
    await cache.putFile(testCommit('b'), 'own', 'own content');
    await cache.putFile(testCommit('c'), 'own', 'own content');
    const items = await plan();
    expect(items.map(({ name }) => name).sort()).toEqual([testCommit('b'), testCommit('c')]);
    // Both refer to the same content, which is freed once.
    expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe('own content'.length);
    expect(await plan({ isPinned: (_, commit) => commit === testCommit('b') })).toMatchObject([
      { name: testCommit('c'), bytes: 0 },
    ]);
    expect(await plan({ isBusy: () => true })).toEqual([]);
  });
});
