import { readdir } from 'node:fs/promises';
import { blobsFolder } from './layout.ts';

/**
 * True when a partial lies in a repository whose content is not finished next to it: some download of it was
 * interrupted.
 */
export async function hasUnfinishedBlobs(cacheDir: string, repo: string): Promise<boolean> {
  const names = await readdir(blobsFolder(cacheDir, repo)).catch(() => []);
  const finished = new Set(names);
  return names
    .filter((name) => name.endsWith('.incomplete'))
    .some((name) => !finished.has(name.slice(0, name.indexOf('.'))));
}
