import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { boundedMap } from './bounded-map.ts';
import { findBlob } from './find-blob.ts';
import { repositoryFolder, snapshotFolder } from './layout.ts';

/** Contents checked concurrently: enough to hide the latency of a network volume. */
const PARALLEL_LOOKS = 16;

/** A file of a repository at a commit. */
interface WantedFile {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
}

/**
 * Returns the paths of the files whose content is in the cache with the right length, as in {@link findBlob}. A folder
 * is listed once and only its entries are examined: for 100,000 files that are not there, nothing is.
 */
export async function findPresent(
  { cacheDir, repo, commit }: { readonly cacheDir: string; readonly repo: string; readonly commit: string },
  files: readonly WantedFile[],
): Promise<ReadonlySet<string>> {
  const blobs = await namesIn(join(repositoryFolder(cacheDir, repo), 'blobs'));
  const hasSnapshot = (await namesIn(snapshotFolder(cacheDir, repo, commit))).size > 0;
  const candidates = files.filter(({ hash }) => hasSnapshot || blobs.has(hash));
  const found = await boundedMap(candidates, PARALLEL_LOOKS, async ({ path, size, hash }) => {
    const blob = await findBlob({ cacheDir, repo, hash, size, snapshot: { commit, path } });
    return blob === null ? null : path;
  });
  return new Set(found.filter((path) => path !== null));
}

/** None when the folder does not exist or cannot be read. */
async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch {
    return new Set();
  }
}
