import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, isAbsent } from '../errors/cache-error.ts';
import { boundedMap } from './bounded-map.ts';
import type { FreedBytes } from './freed-bytes.ts';

const PARALLEL_CALLS = 8;

/** Removes a folder if it is empty; returns true when it is gone. */
export async function removeEmptyFolder(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (cause) {
    const errno = errnoOf(cause);
    // A file manager may have put its own file there, another tool a new one: those are theirs.
    if (errno === 'ENOTEMPTY' || errno === 'EEXIST') return false;
    if (isAbsent(cause)) return true;
    throw cause;
  }
}

/**
 * Removes a file, a link or a folder with all its contents. Links are removed, never followed, so nothing outside is
 * touched. Does not fail when nothing is there. Throws the system's error.
 */
export async function removeTree(path: string, freed: FreedBytes): Promise<void> {
  try {
    const there = await lstat(path, { bigint: true });
    if (!there.isDirectory()) {
      await unlink(path);
      freed.removed(there);
      return;
    }
    const names = await readdir(path);
    await boundedMap(names, PARALLEL_CALLS, (name) => removeTree(join(path, name), freed));
    await removeEmptyFolder(path);
  } catch (cause) {
    if (!isAbsent(cause)) throw cause;
  }
}
