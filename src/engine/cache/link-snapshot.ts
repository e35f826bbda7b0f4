import { readdir, readlink, rename, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { errnoOf, isAbsent, onDisk } from '../errors/cache-error.ts';
import { temporaryBeside } from './adopt.ts';
import { cloneOrCopy } from './copy-bytes.ts';
import { ensureFolders, lstatOrNull, replaceAtomically, syncFolder, temporaryPath } from './durable.ts';
import {
  blobPath,
  isCommit,
  repositoryFolder,
  snapshotFile,
  snapshotFolders,
  snapshotsFolder,
} from './layout.ts';
import { listSnapshotEntries } from './snapshot-files.ts';

/** One file of a snapshot, and the blob that is its content. */
export interface LinkOptions {
  readonly cacheDir: string;
  readonly repo: string;
  readonly commit: string;
  /** Path in the repository, with `/`. */
  readonly path: string;
  readonly hash: string;
  /** Whether the volume has symbolic links (VolumeTraits). */
  readonly symlinks: boolean;
  /** Without links: set when another file is still to be made from this blob, which is then copied and not moved. */
  readonly keepBlob?: boolean;
  /** Without links: where the content is when it is no longer in `blobs`, because an earlier file took it. */
  readonly source?: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes a file of a snapshot appear: a relative link to its blob, as huggingface_hub creates it, or, where the volume
 * has no links, the blob itself moved there (copied when something else still needs it). Replaces what is at that path
 * in one step. Creates missing folders. Returns the path.
 *
 * Throws PathUnsafe when a parent folder is a link or a file, or when a folder is at the path itself; Internal when the
 * content does not exist; or a disk error.
 */
export async function linkSnapshot(options: LinkOptions): Promise<string> {
  const { cacheDir, repo, commit, path, hash } = options;
  const file = snapshotFile(cacheDir, repo, commit, path);
  const blob = blobPath(cacheDir, repo, hash);
  const content = await findContent(options, blob, file);
  if (content === file) return file;
  const { root, segments } = snapshotFolders(cacheDir, repo, commit, path);
  await ensureFolders(root, segments);
  const there = await onDisk('looking at', file, () => lstatOrNull(file));
  if (there?.isDirectory() === true) {
    throw new AppError('PathUnsafe', `A folder is at ${file}, where a file belongs. Move it aside.`, {
      details: { path: file },
    });
  }
  if (options.symlinks && content === blob) {
    await linkTo(blob, file, there?.isSymbolicLink() === true, repositoryFolder(cacheDir, repo));
  } else {
    await moveOrCopy(options, content, file);
  }
  return file;
}

/**
 * Returns the file that holds the content now: the blob, else the snapshot file itself, else the one the caller named.
 */
async function findContent(options: LinkOptions, blob: string, file: string): Promise<string> {
  // A file instead of a link is as good: a copy of the cache, or one made where links are not supported.
  const own = options.symlinks && !(await isRegular(file)) ? [] : [file];
  const candidates = [blob, ...own, ...(options.source ? [options.source] : [])];
  for (const candidate of candidates) {
    const there = await onDisk('looking at', candidate, () => statOrNull(candidate));
    if (there?.isFile() === true) return candidate;
  }
  throw new AppError('Internal', `The content of ${options.path} is not in the cache: ${blob} is missing.`, {
    details: { path: blob },
  });
}

async function isRegular(path: string): Promise<boolean> {
  return (await onDisk('looking at', path, () => lstatOrNull(path)))?.isFile() === true;
}

async function statOrNull(path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(path);
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw cause;
  }
}

async function linkTo(blob: string, file: string, isLink: boolean, folder: string): Promise<void> {
  const text = relative(dirname(file), blob);
  if (isLink && (await onDisk('reading', file, () => readlink(file))) === text) return;
  await replaceAtomically(file, temporaryPath(folder), (temporary) => symlink(text, temporary, 'file'));
}

async function moveOrCopy(options: LinkOptions, content: string, file: string): Promise<void> {
  const { cacheDir, repo, hash } = options;
  const blob = blobPath(cacheDir, repo, hash);
  if (content === blob && options.keepBlob !== true && !(await isNeeded(options, blob, file))) {
    const moved = await onDisk('moving the blob to', file, () => tryRename(blob, file));
    if (moved) {
      await syncFolder(dirname(file));
      await syncFolder(dirname(blob));
      return;
    }
  }
  await replaceCopy(options, content);
}

/** Replaces a snapshot's own file with a copy of `content`, in one step. For caches without links. */
export async function replaceCopy(
  { cacheDir, repo, commit, path, hash, signal }: LinkOptions,
  content: string,
): Promise<void> {
  const file = snapshotFile(cacheDir, repo, commit, path);
  await replaceAtomically(file, temporaryBeside(blobPath(cacheDir, repo, hash)), async (temporary) => {
    await cloneOrCopy(content, temporary, signal);
  });
}

async function tryRename(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (cause) {
    // The folder of blobs, or that of snapshots, was moved to another volume.
    if (errnoOf(cause) === 'EXDEV') return false;
    throw cause;
  }
}

/** True when the blob is a link into a shared store, or when a link of a snapshot, other than `file`, points to it. */
async function isNeeded(options: LinkOptions, blob: string, file: string): Promise<boolean> {
  return onDisk('looking for uses of', blob, async () => {
    if ((await lstatOrNull(blob))?.isSymbolicLink() === true) return true;
    const snapshots = snapshotsFolder(options.cacheDir, options.repo);
    for (const commit of (await readdir(snapshots)).filter(isCommit)) {
      const entries = await listSnapshotEntries(join(snapshots, commit), () => undefined);
      if (entries.some((entry) => entry.hash === options.hash && entry.location !== file)) return true;
    }
    return false;
  });
}
