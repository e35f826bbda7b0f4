import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installBlob } from './install.ts';
import { partialPath } from './layout.ts';
import { linkSnapshot } from './link-snapshot.ts';
import { prepareRepository } from './prepare.ts';

/** The repository of the tests. */
export const TEST_REPO = 'org/model';

/** A commit of forty times the same digit. */
export function testCommit(digit: string): string {
  return digit.repeat(40);
}

/** SHA-256 in hex. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A cache in a temporary folder, for tests. */
export interface TestCache {
  readonly cacheDir: string;
  /** The folder of {@link TEST_REPO}. */
  readonly repositoryFolder: string;
  /** Installs a content and returns its hash. */
  putBlob(content: string | Buffer): Promise<string>;
  /** Installs a content, links it into a snapshot and returns its hash. */
  putFile(commit: string, path: string, content: string | Buffer): Promise<string>;
  remove(): Promise<void>;
}

/** Creates a cache with the folders of one repository, written through the functions of this folder. */
export async function makeTestCache(repo: string = TEST_REPO): Promise<TestCache> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'haulyard-cache-'));
  const { folder } = await prepareRepository({ cacheDir, repo });
  const putBlob = async (content: string | Buffer) => {
    const hash = sha256(content);
    await writeFile(partialPath(cacheDir, repo, hash), content);
    await installBlob({ cacheDir, repo, hash, size: Buffer.byteLength(content) });
    return hash;
  };
  return {
    cacheDir,
    repositoryFolder: folder,
    putBlob,
    async putFile(commit, path, content) {
      const hash = await putBlob(content);
      await linkSnapshot({ cacheDir, repo, commit, path, hash, symlinks: true });
      return hash;
    },
    remove: () => rm(cacheDir, { recursive: true, force: true }),
  };
}
