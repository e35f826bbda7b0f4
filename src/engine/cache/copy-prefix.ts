import { open, truncate } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { onDisk } from '../errors/cache-error.ts';
import { throwIfAborted } from './abort.ts';
import { temporaryBeside } from './adopt.ts';
import { cloneFile, copyRange, type OpenSource, withSource } from './copy-bytes.ts';
import { lstatOrNull, replaceAtomically } from './durable.ts';

/** The start of another tool's partial file, and our partial that it goes into. */
export interface CopyPrefixOptions {
  readonly source: string;
  /** Our partial. Existing bytes are overwritten from the start; the rest of it stays. */
  readonly target: string;
  /** Length of the whole content in bytes; a longer source is rejected. */
  readonly fileSize: number;
  /** How many bytes to copy, from the start. The whole source when absent. */
  readonly bytes?: number;
  readonly signal?: AbortSignal;
  /** Called with the bytes copied so far. */
  readonly onProgress?: (copiedBytes: number) => void;
}

/** What was copied. */
export interface CopiedPrefix {
  readonly method: 'clone' | 'copy';
  readonly bytes: number;
}

/**
 * Copies the first bytes of a file that the user or another tool left, as an unverified prefix of a content. The source
 * is only read. A clone is made where the volume can and the target is new or empty (the target must not be open then),
 * otherwise the bytes are copied and synced to disk.
 *
 * Throws BadRequest when the source does not exist, is not a regular file, is the target itself, or is larger than the
 * file; Cancelled; or a disk error.
 */
export async function copyPrefix(options: CopyPrefixOptions): Promise<CopiedPrefix> {
  throwIfAborted(options.signal);
  return withSource(options.source, async (source) => {
    const bytes = options.bytes ?? source.bytes;
    checkSource(options, source, bytes);
    const there = await onDisk('looking at', options.target, () => lstatOrNull(options.target));
    checkTarget(options, source, there);
    if ((there === null || there.size === 0) && (await clonePrefix(options, bytes))) {
      options.onProgress?.(bytes);
      return { method: 'clone', bytes };
    }
    await overwriteStart(options, source, bytes);
    return { method: 'copy', bytes };
  });
}

function refuse(message: string, path: string): AppError {
  return new AppError('BadRequest', message, { details: { path } });
}

function checkSource(options: CopyPrefixOptions, source: OpenSource, bytes: number): void {
  if (source.bytes > options.fileSize) {
    throw refuse(
      `Larger than the file: ${options.source} has ${source.bytes} bytes, the file has ${options.fileSize}. It belongs to another file or was damaged when it was resumed. It wasn’t used or changed.`,
      options.source,
    );
  }
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > source.bytes) {
    throw refuse(
      `${options.source} has ${source.bytes} bytes, of which ${bytes} were to be taken.`,
      options.source,
    );
  }
}

function checkTarget(
  options: CopyPrefixOptions,
  source: OpenSource,
  there: Awaited<ReturnType<typeof lstatOrNull>>,
): void {
  if (there === null) return;
  if (!there.isFile()) {
    throw new AppError('PathUnsafe', `${options.target} is not a regular file. Move it aside.`, {
      details: { path: options.target },
    });
  }
  if (there.dev === source.dev && there.ino === source.ino) {
    throw refuse(`${options.source} is this download’s own unfinished file.`, options.source);
  }
  if (there.nlink > 1) {
    throw new AppError('PathUnsafe', `${options.target} is a hard link of another file. Move it aside.`, {
      details: { path: options.target },
    });
  }
}

async function clonePrefix(options: CopyPrefixOptions, bytes: number): Promise<boolean> {
  const temporary = temporaryBeside(options.target);
  if (!(await onDisk('cloning to', temporary, () => cloneFile(options.source, temporary)))) return false;
  await replaceAtomically(options.target, temporary, () => truncate(temporary, bytes));
  return true;
}

async function overwriteStart(options: CopyPrefixOptions, source: OpenSource, bytes: number): Promise<void> {
  const { target, signal, onProgress } = options;
  await onDisk('writing', target, async () => {
    const to = await open(target, await flagsFor(target));
    try {
      await copyRange({ from: source.handle, to, bytes, signal, onProgress });
    } finally {
      await to.close();
    }
  });
}

/** Must neither truncate an existing partial, nor fail when there is none. */
async function flagsFor(target: string): Promise<'r+' | 'wx'> {
  return (await lstatOrNull(target)) === null ? 'wx' : 'r+';
}
