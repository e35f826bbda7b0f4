import type { AddDownload } from '../../shared/contract/commands.ts';
import type { DownloadRow } from '../ledger/downloads.ts';

/** A repository to download, after the catalog was asked. */
export interface DownloadTarget {
  readonly repo: string;
  readonly revision: string;
  readonly model: string | null;
  readonly variant: string | null;
}

/** True for a wish that names the same files of the same repository in the same cache. */
export function isSame(
  row: DownloadRow,
  target: DownloadTarget,
  wish: AddDownload,
  cacheDir: string,
): boolean {
  const selection = ({ include, exclude }: AddDownload) => JSON.stringify([include, exclude]);
  return (
    row.repo === target.repo &&
    row.revision === target.revision &&
    row.variant === target.variant &&
    row.cacheDir === cacheDir &&
    selection(row.options) === selection(wish)
  );
}
