import { blobPath, snapshotFolder } from '../cache/layout.ts';
import type { FileRow } from '../ledger/files.ts';
import { planChunks } from '../transfer/chunk-plan.ts';
import type { DownloadContext } from './context.ts';
import type { Download } from './download.ts';
import { chunkBytesOf } from './plan-tasks.ts';

/** Tells which commit and files a download is pinned to. */
export function tellResolved(
  download: Download,
  commit: string,
  files: readonly FileRow[],
  presentBytes: number,
  { emit }: DownloadContext,
): void {
  const chunkBytes = chunkBytesOf(download);
  emit({
    event: 'resolved',
    download: download.id,
    repo: download.row.repo,
    commit,
    files: files.map(({ path, size, hash, algorithm }) => {
      return { path, size, hash, algorithm, chunks: planChunks(size, chunkBytes).count };
    }),
    totalBytes: files.reduce((sum, { size }) => sum + size, 0),
    presentBytes,
  });
}

/** Tells that every file is verified and installed, and what it cost. */
export function tellDone(
  download: Download,
  commit: string,
  files: readonly FileRow[],
  { emit }: DownloadContext,
): void {
  const { repo, cacheDir } = download.row;
  emit({
    event: 'done',
    download: download.id,
    snapshot: snapshotFolder(cacheDir, repo, commit),
    files: files.map(({ path, size, hash }) => ({ path, size, hash, blob: blobPath(cacheDir, repo, hash) })),
    stats: download.stats(),
  });
}
