import type { FileRow } from '../ledger/files.ts';
import type { LedgerReader } from '../ledger/ledger.ts';

/** Returns what downloads of this commit into this cache have installed, by path. */
export function installedFiles(
  { cacheDir, repo }: { readonly cacheDir: string; readonly repo: string },
  commit: string,
  ledger: Pick<LedgerReader, 'downloads' | 'files'>,
): Map<string, FileRow> {
  const downloads = ledger.downloads
    .list()
    .filter((row) => row.repo === repo && row.cacheDir === cacheDir && row.commit === commit);
  const files = downloads.flatMap((row) => ledger.files.list(row.id).filter((file) => file.installed));
  return new Map(files.map((file) => [file.path, file]));
}
