import { rm } from 'node:fs/promises';
import { partialPath, repositoryFolder } from '../cache/layout.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Download } from './download.ts';

/**
 * Deletes the partials of a download, but for those that another download still needs. One of the same repository whose
 * files are not known yet may need any of them.
 */
export async function removePartials(
  download: Download,
  all: readonly Download[],
  ledger: Pick<Ledger, 'blobs'>,
): Promise<void> {
  const { cacheDir, repo } = download.row;
  const unfinished = all.filter(
    ({ id, state, row }) =>
      id !== download.id && state !== 'ready' && row.repo === repo && row.cacheDir === cacheDir,
  );
  if (unfinished.some(({ files }) => files.length === 0)) return;
  const needed = new Set(
    unfinished.flatMap(({ files }) => files.filter(({ row }) => !row.installed)).map(({ row }) => row.hash),
  );
  for (const { row } of download.files) {
    if (row.installed || needed.has(row.hash)) continue;
    await rm(partialPath(cacheDir, repo, row.hash), { force: true });
    ledger.blobs.remove(repositoryFolder(cacheDir, repo), row.hash);
  }
}
