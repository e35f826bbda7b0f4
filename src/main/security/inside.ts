import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';

/**
 * Returns the real path of something inside one of the folders, links followed. Throws BadRequest for paths elsewhere
 * and NotFound for what does not exist (any more).
 */
export async function realPathInside(path: string, folders: readonly string[]): Promise<string> {
  if (!isAbsolute(path) || path.includes('\0')) throw outside();
  const real = await realpath(path).catch(() => null);
  if (real === null) {
    // Reveals no more about other folders than that they are not ours.
    if (!folders.some((folder) => isInside(path, folder))) throw outside();
    throw new AppError('NotFound', 'This file or folder no longer exists.');
  }
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => null);
    if (root !== null && isInside(real, root)) return real;
  }
  throw outside();
}

/** A repository's folder at the root of a cache, as the Hugging Face tools name it. */
const REPOSITORY = /^(?:models|datasets|spaces)--/;

/**
 * The folder of the repository in which a path lies, by the text alone; null when it lies in none. The user may have moved it to another
 * volume and left a link, so what is behind that link is the repository too.
 */
export function repositoryFolderOf(path: string, cacheDir: string): string | null {
  if (!isAbsolute(path) || !isInside(path, cacheDir)) return null;
  const [first = ''] = relative(cacheDir, path).split(sep);
  return REPOSITORY.test(first) ? join(cacheDir, first) : null;
}

/** True for the folder itself and everything below it. Compares the text alone. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function outside(): AppError {
  return new AppError('BadRequest', 'Only models and files of Haulyard can be shown.');
}
