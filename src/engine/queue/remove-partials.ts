import { rm } from 'node:fs/promises';
import { copiesPath, partialPath, repositoryFolder } from '../cache/layout.ts';
import type { DownloadContext } from '../contents/context.ts';
import type { Download } from './download.ts';

/**
 * Deletes the partials of a download that was stopped, except those that another download still needs. Calls `others`
 * again before each: a download that needs a partial may be added while the previous one is deleted.
 */
export async function removePartials(
  download: Download,
  others: () => readonly Download[],
  { ledger, blobLocks, signal }: Pick<DownloadContext, 'ledger' | 'blobLocks' | 'signal'>,
): Promise<void> {
  const { cacheDir, repo } = download.row;
  for (const { row } of download.files) {
    const isNeeded = () =>
      others().some((other) => other.id !== download.id && needs(other, download, row.hash));
    if (row.installed || isNeeded()) continue;
    const partial = partialPath(cacheDir, repo, row.hash);
    const release = await blobLocks.acquire(partial, signal);
    try {
      if (isNeeded()) continue;
      ledger.blobs.remove(repositoryFolder(cacheDir, repo), row.hash);
      await rm(partial, { force: true });
      await rm(copiesPath(cacheDir, repo, row.hash), { force: true });
    } finally {
      release();
    }
  }
}

/** A download of the same repository whose files are not known yet may need any of its partials. */
function needs(
  { row, state, files }: Download,
  { row: { repo, cacheDir } }: Download,
  hash: string,
): boolean {
  if (state === 'ready' || row.repo !== repo || row.cacheDir !== cacheDir) return false;
  return files.length === 0 || files.some((file) => file.row.hash === hash && !file.row.installed);
}
