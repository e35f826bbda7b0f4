import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { errnoOf, isAbsent, onDisk } from '../errors/cache-error.ts';

/** errno of a system that cannot fsync a folder (Windows, some network volumes). */
const CANNOT_SYNC_FOLDER: ReadonlySet<string> = new Set(['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EACCES']);

/** Makes names created, renamed or removed in a folder survive a power failure, where the system supports that. */
export async function syncFolder(folder: string): Promise<void> {
  await onDisk('saving the folder', folder, async () => {
    let handle: FileHandle | undefined;
    try {
      handle = await open(folder, 'r');
      await handle.sync();
    } catch (cause) {
      if (!CANNOT_SYNC_FOLDER.has(errnoOf(cause))) throw cause;
    } finally {
      await handle?.close();
    }
  });
}

/**
 * Returns a new name in the folder of a repository, for something about to be renamed into place. It is not inside
 * `snapshots` or `refs`, where scanners of the cache would report a leftover as damage.
 */
export function temporaryPath(repositoryFolder: string): string {
  return join(repositoryFolder, `.haulyard-${randomBytes(8).toString('hex')}.tmp`);
}

/** Removes a file if it exists. Failures are not reported: it is called while another failure is being handled. */
export async function discard(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}

/** Syncs the content of a file to disk. */
export async function syncFile(path: string): Promise<void> {
  // Windows syncs only through a handle that may write; elsewhere a read-only file must be synced too.
  const file = await open(path, process.platform === 'win32' ? 'r+' : 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Returns the mode that a new file gets in `folder`: 0666 without the bits of the umask. Found by creating a file,
 * because asking Node for the umask sets it for a moment, for all threads.
 */
export async function newFileMode(folder: string): Promise<number> {
  const path = temporaryPath(folder);
  const file = await open(path, 'wx');
  try {
    return (await file.stat()).mode & 0o666;
  } finally {
    await file.close();
    await discard(path);
  }
}

/** Lets `make` create something under a temporary name and renames it to `path`, replacing what is there. */
export async function replaceAtomically<T>(
  path: string,
  temporary: string,
  make: (temporary: string) => Promise<T>,
): Promise<T> {
  const made = await onDisk('writing', path, async () => {
    try {
      const value = await make(temporary);
      await rename(temporary, path);
      return value;
    } catch (cause) {
      await discard(temporary);
      throw cause;
    }
  });
  await syncFolder(dirname(path));
  return made;
}

/** Creates one folder inside a folder that exists. Throws PathUnsafe for a link or a file in its place. */
async function ensureFolder(folder: string): Promise<void> {
  try {
    const there = await lstat(folder);
    if (there.isDirectory()) return;
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT') throw cause;
    await mkdir(folder).catch((failure: unknown) => {
      if (errnoOf(failure) !== 'EEXIST') throw failure;
    });
    await syncFolder(dirname(folder));
    if ((await lstat(folder)).isDirectory()) return;
  }
  throw new AppError(
    'PathUnsafe',
    `${folder} should be a folder but is a link or a file. Nothing was written through it; move it aside and try again.`,
    { details: { path: folder } },
  );
}

/**
 * Creates the folders `segments` below `root`, one after the other, and returns the last. None of them, nor `root`
 * itself, may be a link or a file (PathUnsafe): a link could lead out of the cache.
 */
export async function ensureFolders(root: string, segments: readonly string[]): Promise<string> {
  let folder = root;
  await onDisk('making the folder', root, async () => {
    await ensureFolder(root);
    for (const segment of segments) {
      folder = join(folder, segment);
      await ensureFolder(folder);
    }
  });
  return folder;
}

/** Returns the size and kind of what is at `path` without following a link, null when nothing is there. */
export async function lstatOrNull(path: string): Promise<Awaited<ReturnType<typeof lstat>> | null> {
  try {
    return await lstat(path);
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw cause;
  }
}
