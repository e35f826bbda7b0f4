import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { AddDownload } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';

/**
 * Resolves the local folder of a request to its one real path: people reach folders through links, and two names must
 * not be two downloads. Throws `BadRequest` for a path that is not absolute.
 */
export async function inLocalFolder(wish: AddDownload): Promise<AddDownload> {
  const { localDir } = wish;
  if (localDir === undefined) return wish;
  if (!isAbsolute(localDir)) throw new AppError('BadRequest', 'A local folder is named by its whole path.');
  return { ...wish, localDir: await realFolder(localDir) };
}

/** Returns the real path of a folder whose last segments need not exist yet. */
async function realFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null || dirname(path) === path) return real ?? path;
  return join(await realFolder(dirname(path)), basename(path));
}
