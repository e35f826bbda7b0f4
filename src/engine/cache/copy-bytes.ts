import { chmod, constants, copyFile, type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { errnoOf, onDisk } from '../errors/cache-error.ts';
import { throwIfAborted } from './abort.ts';
import { discard, newFileMode, syncFile } from './durable.ts';

/** Bytes per read: few calls for a large file, and an abort is noticed within milliseconds. */
const COPY_BUFFER_BYTES = 4 * 1024 * 1024;

/** What {@link copyRange} copies. */
export interface CopyRange {
  readonly from: FileHandle;
  readonly to: FileHandle;
  /** Number of bytes from the start of `from` to the start of `to`. */
  readonly bytes: number;
  readonly signal: AbortSignal | undefined;
  /** Called after each write with the bytes copied so far. */
  readonly onProgress?: ((copiedBytes: number) => void) | undefined;
}

async function writeAll(to: FileHandle, buffer: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesWritten } = await to.write(buffer, done, buffer.length - done, position + done);
    done += bytesWritten;
  }
}

/** Copies the first bytes of one open file over those of another and syncs them to disk. */
export async function copyRange(range: CopyRange): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(COPY_BUFFER_BYTES, range.bytes)));
  let copied = 0;
  while (copied < range.bytes) {
    throwIfAborted(range.signal);
    const wanted = Math.min(buffer.length, range.bytes - copied);
    const { bytesRead } = await range.from.read(buffer, 0, wanted, copied);
    if (bytesRead === 0) {
      throw new AppError(
        'BadRequest',
        `The file became shorter while it was copied: ${copied} of ${range.bytes} bytes. Another program may still be writing to it. It wasn’t changed.`,
      );
    }
    await writeAll(range.to, buffer.subarray(0, bytesRead), copied);
    copied += bytesRead;
    range.onProgress?.(copied);
  }
  await range.to.datasync();
}

/** errno of a file system that cannot share the blocks of the two files. */
const CANNOT_CLONE: ReadonlySet<string> = new Set([
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EXDEV',
  'EINVAL',
  'ENOTTY',
  'EPERM',
  'EACCES',
  'ETXTBSY',
  'EBADF',
]);

/**
 * Makes `target`, which must not exist, a copy-on-write clone of `source` (APFS, Btrfs, XFS). Returns false when the
 * file system cannot; nothing is left at `target` then. The clone has the mode of any new file, not that of the source.
 */
export async function cloneFile(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE_FORCE);
    await chmod(target, await newFileMode(dirname(target)));
    await syncFile(target);
    return true;
  } catch (cause) {
    await discard(target);
    if (CANNOT_CLONE.has(errnoOf(cause))) return false;
    throw cause;
  }
}

/** A source opened for reading, and its length. */
export interface OpenSource {
  readonly handle: FileHandle;
  readonly bytes: number;
  readonly dev: number;
  readonly ino: number;
}

/**
 * Opens a file for reading, for `use`. Throws BadRequest when it does not exist or is not a regular file,
 * DiskPermission when it cannot be read. Follows a link.
 */
export async function withSource<T>(path: string, use: (source: OpenSource) => Promise<T>): Promise<T> {
  const refuse = (why: string): AppError =>
    new AppError('BadRequest', `${path} ${why}. Nothing was changed.`, { details: { path } });
  const checked = await onDisk('reading', path, async () => {
    // Checked before opening: opening a pipe blocks until somebody writes to it.
    const found = await stat(path).catch((cause: unknown) => {
      if (errnoOf(cause) === 'ENOENT') throw refuse('does not exist');
      throw cause;
    });
    if (!found.isFile()) throw refuse('is not a regular file');
    return open(path, 'r');
  });
  try {
    const { size, dev, ino } = await checked.stat();
    return await use({ handle: checked, bytes: size, dev, ino });
  } finally {
    await checked.close();
  }
}

/** Copies `source` to `target`, which must not exist, and syncs it to disk. The source is only read. */
export async function copyWhole(
  source: string,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await withSource(source, async ({ handle, bytes }) => {
    const to = await open(target, 'wx');
    try {
      await copyRange({ from: handle, to, bytes, signal });
    } finally {
      await to.close();
    }
  });
}

/** Calls {@link cloneFile} where the volume can, else {@link copyWhole}. */
export async function cloneOrCopy(
  source: string,
  target: string,
  signal: AbortSignal | undefined,
): Promise<'clone' | 'copy'> {
  if (await cloneFile(source, target)) return 'clone';
  await copyWhole(source, target, signal);
  return 'copy';
}
