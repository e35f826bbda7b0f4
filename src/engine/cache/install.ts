import { chmod, lstat, rename } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { onDisk } from '../errors/cache-error.ts';
import { lstatOrNull, newFileMode, syncFile, syncFolder } from './durable.ts';
import { blobPath, blobsFolder, partialPath } from './layout.ts';

/** The content to install. */
export interface InstallOptions {
  readonly cacheDir: string;
  readonly repo: string;
  /** The hash that the caller has checked: SHA-256 or git SHA-1. */
  readonly hash: string;
  /** Length in bytes; when given, a partial of another length is rejected. */
  readonly size?: number;
}

function refuse(message: string, path: string): AppError {
  return new AppError('PathUnsafe', message, { details: { path } });
}

/**
 * Gives a partial whose hash has been checked its final name, `blobs/<hash>`, and makes that survive a power failure. A
 * blob of the same name is replaced: it has, or should have, the same content. The blob gets the mode of any new file
 * and is never executable. Returns its path.
 *
 * Throws PathUnsafe when the partial is not a regular file or a folder has the name of the blob, Internal when the
 * length is wrong, or a disk error. The partial is kept in all these cases.
 */
export async function installBlob(options: InstallOptions): Promise<string> {
  const { cacheDir, repo, hash, size } = options;
  const partial = partialPath(cacheDir, repo, hash);
  const blob = blobPath(cacheDir, repo, hash);
  await onDisk('installing', partial, async () => {
    const there = await lstat(partial);
    if (!there.isFile()) {
      throw refuse(`${partial} is not a regular file and was not installed. Move it aside.`, partial);
    }
    if (size !== undefined && there.size !== size) {
      throw new AppError(
        'Internal',
        `${partial} has ${there.size} bytes where ${size} were checked. It was not installed; its bytes are kept.`,
      );
    }
    if ((await lstatOrNull(blob))?.isDirectory() === true) {
      throw refuse(
        `A folder is at ${blob}, where a file belongs. The download is safe; move it aside.`,
        blob,
      );
    }
    const mode = await newFileMode(blobsFolder(cacheDir, repo));
    if ((there.mode & 0o7777) !== mode) await chmod(partial, mode);
    await syncFile(partial);
    await rename(partial, blob);
  });
  await syncFolder(blobsFolder(cacheDir, repo));
  return blob;
}
