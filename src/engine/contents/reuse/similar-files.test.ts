import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPath, snapshotFile } from '../../cache/layout.ts';
import { similarFiles } from './similar-files.ts';

const MB = 1_000_000;
const OLD = '1'.repeat(40);
const NEW = '2'.repeat(40);
const { signal } = new AbortController();
let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'haulyard-similar-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

let blobs = 0;
/** Writes a file of that size under a snapshot name. */
async function put(repo: string, commit: string, path: string, size: number): Promise<void> {
  blobs += 1;
  const blob = blobPath(cacheDir, repo, blobs.toString(16).padStart(64, '0'));
  const name = snapshotFile(cacheDir, repo, commit, path);
  for (const each of [blob, name]) await mkdir(dirname(each), { recursive: true });
  await writeFile(blob, '');
  await truncate(blob, size);
  await symlink(blob, name);
}
const found = async (size = 100 * MB) => {
  const wanted = { repo: 'org/model', commit: NEW, path: 'model.safetensors', size, cacheDir };
  return (await similarFiles(wanted, signal)).map(({ repo, path }) => `${repo} ${path}`);
};

describe('files that may share bytes with a wanted one', () => {
  it('are other revisions of it, then its namesakes, then files of its size; three at most', async () => {
    await put('org/tuned', OLD, 'weights.safetensors', 100 * MB + 5);
    await put('org/other', OLD, 'sub/model.safetensors', 50 * MB);
    await put('org/model', OLD, 'model.safetensors', 90 * MB);
    await put('org/model', OLD, 'model-2.safetensors', 20 * MB);
    expect(await found()).toEqual([
      'org/model model.safetensors',
      'org/other sub/model.safetensors',
      'org/tuned weights.safetensors',
    ]);
  });

  it('are not files of another kind, small ones, or others of another size and name', async () => {
    await put('org/model', OLD, 'model.gguf', 100 * MB);
    await put('org/model', OLD, 'tiny.safetensors', MB);
    await put('org/other', OLD, 'weights.safetensors', 102 * MB);
    expect(await found()).toEqual([]);
  });

  it('are not those of the revision that is being downloaded, nor links that lead nowhere', async () => {
    await put('org/model', NEW, 'model.safetensors', 100 * MB);
    const broken = snapshotFile(cacheDir, 'org/model', OLD, 'model.safetensors');
    await mkdir(dirname(broken), { recursive: true });
    await symlink(join(cacheDir, 'gone'), broken);
    expect(await found()).toEqual([]);
  });

  it('are none where there is no cache', async () => {
    await rm(cacheDir, { recursive: true });
    expect(await found()).toEqual([]);
  });
});
