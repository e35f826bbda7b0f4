import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { throwIfAborted } from './abort.ts';
import { boundedMap } from './bounded-map.ts';
import { repositoryOfFolder } from './layout.ts';
import { type RepositoryScan, readOrWarn, scanRepository, type Warn } from './scan-repository.ts';

/** Repositories scanned concurrently; each makes several file-system calls at once. */
const PARALLEL_REPOSITORIES = 4;

/** What may be at the root of a cache besides repositories (huggingface_hub: other kinds, locks, the shared store). */
const KNOWN_AT_ROOT = /^(?:\.|blobs$|(?:kernels|buckets)--)/;

/** A dataset or Space from before organizations, such as `datasets--squad`. */
const OLD_DATASET = /^(?:datasets|spaces)--/;

/** What a cache contains. */
export interface CacheScan extends RepositoryScan {
  /** What was skipped or looks damaged, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Returns everything in the repositories of a cache, whoever put it there. A strange cache never makes it fail: what
 * cannot be read becomes a warning. A missing cache is empty. Throws only Cancelled.
 */
export async function scanCache(cacheDir: string, signal?: AbortSignal): Promise<CacheScan> {
  const root = resolve(cacheDir);
  const warnings: string[] = [];
  const warn: Warn = (sentence) => {
    warnings.push(sentence);
  };
  const repos = await repositoriesIn(root, warn);
  const scans = await boundedMap(repos, PARALLEL_REPOSITORIES, async ({ repo, folder }) => {
    throwIfAborted(signal);
    return scanRepository(repo, folder, warn);
  });
  return {
    snapshots: scans.flatMap((scan) => scan.snapshots),
    partials: scans.flatMap((scan) => scan.partials),
    warnings: warnings.sort(),
  };
}

interface RepositoryPlace {
  readonly repo: string;
  readonly folder: string;
}

async function repositoriesIn(root: string, warn: Warn): Promise<readonly RepositoryPlace[]> {
  const names = (await readOrWarn(root, warn, (folder) => readdir(folder))) ?? [];
  const repos: RepositoryPlace[] = [];
  for (const name of names.sort()) {
    if (KNOWN_AT_ROOT.test(name)) continue;
    const folder = join(root, name);
    const repo = repositoryOfFolder(name);
    if (repo === null && OLD_DATASET.test(name)) continue;
    const there = await readOrWarn(folder, warn, (path) => stat(path));
    if (there === null || !there.isDirectory()) {
      if (repo !== null) warn(`${folder} should be a folder of a model and is not.`);
    } else if (repo === null) {
      warn(`${folder} is not the folder of a repository.`);
    } else {
      repos.push({ repo, folder });
    }
  }
  return repos;
}
