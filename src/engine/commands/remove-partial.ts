import { lstat, rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { createFreedBytes } from '../cache/freed-bytes.ts';
import { blobPath, copiesPath, isBlobHash, PARTIAL_SUFFIX, repositoryFolder } from '../cache/layout.ts';
import { removeTree } from '../cache/remove-tree.ts';
import { scanCache } from '../cache/scan.ts';
import type { EngineParts } from '../engine-parts.ts';
import { onDisk } from '../errors/cache-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { partialNeeds } from '../library/partial-needs.ts';

/**
 * Deletes one partial that the scan of the cache lists. Throws `BadRequest` for any other path, and for one that an
 * unfinished download needs.
 */
export async function removePartial(
  path: string,
  { cacheDir, signal }: Pick<EngineParts, 'cacheDir' | 'signal'>,
  ledger: Ledger,
): Promise<{ readonly freedBytes: number }> {
  const { partials } = await scanCache(cacheDir, signal);
  const partial = partials.find((each) => each.path === resolve(path));
  if (!partial) {
    throw new AppError(
      'BadRequest',
      `${path} isn’t an unfinished file in ${cacheDir}. Nothing was deleted.`,
      { details: { remedy: 'see-library' } },
    );
  }
  const needs = partialNeeds(cacheDir, ledger);
  const download = needs(partial);
  if (download !== null) {
    throw new AppError(
      'BadRequest',
      `A download of ${partial.repo} needs this unfinished file. Nothing was deleted.`,
      { details: { download, remedy: 'cancel-first', id: download } },
    );
  }
  const freed = createFreedBytes();
  await onDisk('removing', partial.path, () => removeTree(partial.path, freed));
  await forgetPartial(partial, cacheDir, ledger);
  return { freedBytes: freed.total() };
}

/** Deletes the ledger's records of the chunks of a removed partial. */
export async function forgetPartial(
  { repo, path }: { readonly repo: string; readonly path: string },
  cacheDir: string,
  ledger: Ledger,
): Promise<void> {
  const name = basename(path);
  if (!name.endsWith(PARTIAL_SUFFIX)) return;
  const hash = name.slice(0, -PARTIAL_SUFFIX.length);
  if (!isBlobHash(hash)) return;
  await rm(copiesPath(cacheDir, repo, hash), { force: true });
  const isInstalled = await lstat(blobPath(cacheDir, repo, hash)).then(
    () => true,
    () => false,
  );
  if (!isInstalled) ledger.blobs.remove(repositoryFolder(cacheDir, repo), hash);
}
