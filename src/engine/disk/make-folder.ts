import { mkdir, readlink, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';

/**
 * Makes a folder and those above it that are missing; returns the topmost that was made, or null when all were there.
 * Rejects with the errno of the call that failed. (Node's own recursive mkdir tells a read-only volume as ENOENT, and does
 * not end where a folder can never be made, as in /proc.) `DiskMissing` for a link that leads to a disk that is not there.
 */
export async function makeFolder(folder: string): Promise<string | null> {
  const path = resolve(folder);
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || dirname(path) === path) return requireFolder(path, error);
  }
  const topmost = await makeFolder(dirname(path));
  await mkdir(path).catch((error) => requireFolder(path, error));
  return topmost ?? path;
}

/** Another program may have been faster, and a mount point may refuse what is there already. */
async function requireFolder(path: string, error: unknown): Promise<null> {
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) return null;
  const target = there === null ? await readlink(path).catch(() => null) : null;
  if (target !== null) throw notConnected(path, target);
  throw error;
}

function notConnected(path: string, target: string): AppError {
  return new AppError(
    'DiskMissing',
    `The disk of ${path} isn’t connected: it is a link to ${target}, which isn’t there. Connect it. Your progress is saved.`,
    { details: { path, target } },
  );
}
