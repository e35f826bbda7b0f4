import type { FileCheck } from '../../shared/model/download.ts';
import { blobPath, snapshotFile, snapshotFolder } from '../cache/layout.ts';
import { localFolderOf } from '../cache/local-folder.ts';
import type { DownloadContext } from '../contents/context.ts';
import type { PassedCheck } from '../contents/verification/check-file.ts';
import type { Download } from './download.ts';

/** Emits the commit and the files a download is pinned to. Its files must be tracked already. */
export function emitResolved(
  download: Download,
  commit: string,
  presentBytes: number,
  { emit }: DownloadContext,
): void {
  emit({
    event: 'resolved',
    download: download.id,
    repo: download.row.repo,
    commit,
    files: download.files.map(({ row: { path, size, hash, algorithm }, progress }) => {
      return { path, size, hash, algorithm, chunks: progress().chunksTotal };
    }),
    totalBytes: download.files.reduce((sum, { row }) => sum + row.size, 0),
    presentBytes,
  });
}

/**
 * Emits that every file is correct and installed, how each was checked, and what the download cost; with `asOf` (ISO
 * time) when the Hub was not asked for news.
 */
export function emitDone(
  download: Download,
  commit: string,
  { asOf, warnings }: { readonly asOf: string | null; readonly warnings: readonly string[] },
  { emit }: DownloadContext,
): void {
  const { repo, cacheDir } = download.row;
  const isLocal = localFolderOf(cacheDir) !== null;
  const { broughtBy } = download;
  emit({
    event: 'done',
    download: download.id,
    snapshot: snapshotFolder(cacheDir, repo, commit),
    files: download.files.map(({ row: { path, size, hash }, check }) => {
      const blob = isLocal ? snapshotFile(cacheDir, repo, commit, path) : blobPath(cacheDir, repo, hash);
      return { path, size, hash, blob, ...shownCheck(check) };
    }),
    stats: download.stats(),
    ...(broughtBy.length > 0 ? { sources: broughtBy } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(asOf === null ? {} : { asOf }),
  });
}

function shownCheck(check: PassedCheck | null): FileCheck {
  if (check === null) return { check: 'none' };
  if (check.check === 'hashed') return { check: 'hashed' };
  return { check: 'recorded', checkedAt: new Date(check.checkedAtMs).toISOString() };
}
