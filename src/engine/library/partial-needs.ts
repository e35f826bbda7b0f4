import { basename } from 'node:path';
import { PARTIAL_SUFFIX, repositoryFolder } from '../cache/layout.ts';
import type { ScannedPartial } from '../cache/scan-repository.ts';
import type { ReadableLedger } from '../engine-parts.ts';

type Ledger = Pick<ReadableLedger, 'downloads' | 'files' | 'blobs' | 'chunks'>;

/**
 * Returns a function that names the unfinished download that needs a partial; null when none does. Ours is needed while
 * its file is not installed, another tool's until its bytes were adopted. A download whose files are not known may need
 * any of its repository.
 */
export function partialNeeds(
  cacheDir: string,
  ledger: Ledger,
): (partial: Pick<ScannedPartial, 'repo' | 'path'>) => string | null {
  const unfinished = ledger.downloads
    .list()
    .filter((row) => row.cacheDir === cacheDir && row.state !== 'ready')
    .map((row) => ({ ...row, files: ledger.files.list(row.id) }))
    .filter(({ state, files }) => state !== 'failed' || files.length > 0);
  return ({ repo, path }) => {
    const name = basename(path);
    const hash = name.slice(0, name.indexOf('.'));
    const isOurs = name.endsWith(PARTIAL_SUFFIX);
    const need = unfinished.find((row) => {
      if (row.repo !== repo) return false;
      if (row.files.length === 0) return true;
      if (!row.files.some((file) => file.hash === hash && !file.installed)) return false;
      return isOurs || !hasBytes(ledger, repositoryFolder(cacheDir, repo), hash);
    });
    return need?.id ?? null;
  };
}

function hasBytes(ledger: Ledger, folder: string, hash: string): boolean {
  const row = ledger.blobs.find(folder, hash);
  return row !== null && ledger.chunks.list(row.id).length > 0;
}
