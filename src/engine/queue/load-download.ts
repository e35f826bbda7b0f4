import type { DownloadView } from '../../shared/model/download.ts';
import { repositoryFolder, snapshotFolder } from '../cache/layout.ts';
import type { DownloadRow } from '../ledger/downloads.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { DEFAULT_CHUNK_BYTES } from '../transfer/chunk-plan.ts';
import { Download } from './download.ts';
import { installedProgress, ledgerProgress } from './file-progress.ts';
import { TrackedFile } from './tracked-file.ts';

/** Loads a download from the ledger, with the numbers of its last run. */
export function loadDownload(
  row: DownloadRow,
  ledger: Pick<LedgerReader, 'files' | 'blobs' | 'chunks'>,
  monotonic: () => number,
): Download {
  const download = new Download(row, monotonic);
  const folder = repositoryFolder(row.cacheDir, row.repo);
  const chunkBytes = row.options.chunkSizeBytes ?? DEFAULT_CHUNK_BYTES;
  const files = ledger.files.list(row.id).map((file) => {
    const known = (file.installed ? installedProgress : ledgerProgress)(ledger, folder, file, chunkBytes);
    return new TrackedFile(file, () => known);
  });
  download.track(files);
  return download;
}

/** Returns the view of a download, with its snapshot folder once it is ready. */
export function viewDownload(download: Download): DownloadView {
  const { commit, cacheDir, repo } = download.row;
  return download.view(commit === null ? null : snapshotFolder(cacheDir, repo, commit));
}
