import { mkdir, readlink, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';

/**
 * Creates a folder and its missing parents; returns the topmost one created, or null when all existed. Rejects with the
 * errno of the call that failed. (Node's own recursive mkdir reports a read-only volume as ENOENT, and does not
 * terminate where a folder can never be created, as in /proc.) `DiskMissing` for a link to a disk that is not
 * connected.
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

/** Another program may have been faster, and a mount point may refuse to create what exists already. */
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
