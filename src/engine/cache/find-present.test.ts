import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPresent } from './find-present.ts';

const HASH = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const COMMIT = 'c'.repeat(40);

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'haulyard-present-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

const find = (files: Parameters<typeof findPresent>[1]) =>
  findPresent({ cacheDir, repo: 'org/name', commit: COMMIT }, files);

describe('the files whose content is here', () => {
  it('are none in a cache that does not exist', async () => {
    expect(await find([{ path: 'a', size: 3, hash: HASH }])).toEqual(new Set());
  });

  it('are those of the right length under their hash', async () => {
    const blobs = join(cacheDir, 'models--org--name', 'blobs');
    await mkdir(blobs, { recursive: true });
    await writeFile(join(blobs, HASH), 'abc');
    await writeFile(join(blobs, OTHER), 'too long');
    const found = await find([
      { path: 'here', size: 3, hash: HASH },
      { path: 'here/too', size: 3, hash: HASH },
      { path: 'cut', size: 3, hash: OTHER },
      { path: 'gone', size: 3, hash: 'd'.repeat(64) },
    ]);
    expect(found).toEqual(new Set(['here', 'here/too']));
  });

  it('may lie in the snapshot of a cache without links', async () => {
    const snapshot = join(cacheDir, 'models--org--name', 'snapshots', COMMIT, 'sub');
    await mkdir(snapshot, { recursive: true });
    await writeFile(join(snapshot, 'file'), 'abc');
    expect(await find([{ path: 'sub/file', size: 3, hash: HASH }])).toEqual(new Set(['sub/file']));
  });
});
