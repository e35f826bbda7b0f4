import { rm } from 'node:fs/promises';
import { partialPath, repositoryFolder } from '../cache/layout.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Download } from './download.ts';

/** Deletes the partials of a download, but for those that another download still needs. */
export async function removePartials(
  download: Download,
  all: readonly Download[],
  ledger: Pick<Ledger, 'blobs'>,
): Promise<void> {
  const { cacheDir, repo } = download.row;
  const others = all.filter(
    ({ id, row }) => id !== download.id && row.repo === repo && row.cacheDir === cacheDir,
  );
  const needed = new Set(
    others.flatMap(({ files }) => files.filter(({ row }) => !row.installed)).map(({ row }) => row.hash),
  );
  for (const { row } of download.files) {
    if (row.installed || needed.has(row.hash)) continue;
    await rm(partialPath(cacheDir, repo, row.hash), { force: true });
    ledger.blobs.remove(repositoryFolder(cacheDir, repo), row.hash);
  }
}
