import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryUsage } from '../../../shared/model/upkeep.ts';
import { boundedMap } from '../../cache/bounded-map.ts';
import { INCOMPLETE_SUFFIX, repositoryOfFolder } from '../../cache/layout.ts';

const PARALLEL_REPOSITORIES = 4;
const PARALLEL_CALLS = 16;
const MAX_DEPTH = 70;

/**
 * Returns the disk usage of each repository of a cache, the largest first: occupied bytes, a file with several names
 * once. Follows no links; what cannot be read counts for nothing.
 */
export async function repositoryUsage(cacheDir: string): Promise<readonly RepositoryUsage[]> {
  const names = await readdir(cacheDir).catch(() => []);
  const repos = names.flatMap((name) => {
    const repo = repositoryOfFolder(name);
    return repo === null ? [] : { repo, folder: join(cacheDir, name) };
  });
  const usage = await boundedMap(repos, PARALLEL_REPOSITORIES, async ({ repo, folder }) => {
    const seen = new Set<string>();
    const sums = { bytes: 0, unfinishedBytes: 0 };
    await addFolder(folder, 0, seen, sums);
    return { repo, ...sums };
  });
  return usage.toSorted((a, b) => b.bytes - a.bytes || (a.repo < b.repo ? -1 : 1));
}

async function addFolder(
  folder: string,
  depth: number,
  seen: Set<string>,
  sums: { bytes: number; unfinishedBytes: number },
): Promise<void> {
  if (depth > MAX_DEPTH) return;
  // A folder of blobs may be a link to another volume, where its user has put it.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter(
    (entry) => entry.isDirectory() || (depth === 0 && entry.name === 'blobs' && entry.isSymbolicLink()),
  );
  await boundedMap(
    entries.filter((entry) => entry.isFile()),
    PARALLEL_CALLS,
    async ({ name }) => {
      const there = await lstat(join(folder, name)).catch(() => null);
      const key = there === null ? '' : `${there.dev}:${there.ino}`;
      if (there === null || seen.has(key)) return;
      seen.add(key);
      const bytes = Math.min(there.size, there.blocks * 512);
      sums.bytes += bytes;
      if (name.endsWith(INCOMPLETE_SUFFIX)) sums.unfinishedBytes += bytes;
    },
  );
  for (const { name } of folders) await addFolder(join(folder, name), depth + 1, seen, sums);
}
