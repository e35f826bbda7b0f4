import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { AppError } from '../../../shared/contract/errors.ts';
import { classify } from '../../errors/classify.ts';

/**
 * The single partial file of a content. Attempts write at their offsets; nothing is assembled later. The file gets its
 * full length at once (sparse), so its size never shows how much is there: only the ledger does.
 */
export class PartialFile {
  readonly path: string;
  /** Length of the file when it was opened; bytes beyond it do not exist whatever the ledger records. */
  readonly lengthAtOpen: number;
  readonly #handle: FileHandle;
  readonly #identity: Identity;

  private constructor(path: string, handle: FileHandle, lengthAtOpen: number, identity: Identity) {
    this.path = path;
    this.lengthAtOpen = lengthAtOpen;
    this.#handle = handle;
    this.#identity = identity;
  }

  /**
   * Opens or creates the partial at `path`. Never follows a link. Throws `DiskPermission` when something else is in its
   * place, or another disk error (`DiskMissing`, `DiskPermission`, `DiskFull`), as all methods do.
   */
  static async open(path: string): Promise<PartialFile> {
    await refuseOtherKinds(path);
    const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    const handle = await aboutDisk(path, open(path, flags, 0o666));
    try {
      const stat = await handle.stat({ bigint: true });
      if (!stat.isFile()) throw notAFile(path);
      if (stat.nlink > 1n) throw hasOtherNames(path);
      return new PartialFile(path, handle, Number(stat.size), stat);
    } catch (error) {
      await handle.close();
      throw classify(error, { disk: path });
    }
  }

  /**
   * Extends the file to its full length (sparse). Truncates bytes beyond `size`: they cannot belong to the content.
   * Correct the ledger first: after this, only the ledger records what is missing.
   */
  async setLength(size: number): Promise<void> {
    if (this.lengthAtOpen !== size) await aboutDisk(this.path, this.#handle.truncate(size));
  }

  /** Truncates the file. */
  async cut(length: number): Promise<void> {
    await aboutDisk(this.path, this.#handle.truncate(length));
  }

  /** Writes buffers one after the other, starting at `position`. */
  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    let rest = buffers.filter((buffer) => buffer.length > 0);
    let at = position;
    while (rest.length > 0) {
      const { bytesWritten } = await aboutDisk(this.path, this.#handle.writev(rest, at));
      if (bytesWritten === 0) throw tookNothing(this.path);
      at += bytesWritten;
      rest = skipBytes(rest, bytesWritten);
    }
  }

  /** Reads up to `length` bytes at `position`; fewer at the end of the file. */
  async read(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let count = 0;
    while (count < length) {
      const part = this.#handle.read(bytes, count, length - count, position + count);
      const { bytesRead } = await aboutDisk(this.path, part);
      if (bytesRead === 0) break;
      count += bytesRead;
    }
    return bytes.subarray(0, count);
  }

  /** Resolves when every byte written so far is on disk. */
  async sync(): Promise<void> {
    await aboutDisk(this.path, this.#handle.datasync());
  }

  /**
   * Does the same as {@link sync}. Throws `DiskMissing` when another program removed or truncated the file; `what`
   * names its content.
   */
  async syncInPlace(size: number, what: string): Promise<void> {
    await this.sync();
    if (await this.isInPlace(size)) return;
    throw new AppError(
      'DiskMissing',
      `Another program removed or cut the unfinished file of ${what}. It is opened again.`,
    );
  }

  /** False when the file was deleted, replaced or truncated while it was open: its bytes are lost. */
  async isInPlace(size: number): Promise<boolean> {
    try {
      const stat = await lstat(this.path, { bigint: true });
      const same = stat.ino === this.#identity.ino && stat.dev === this.#identity.dev;
      return same && Number(stat.size) >= size;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** What identifies a file under any name. */
interface Identity {
  readonly ino: bigint;
  readonly dev: bigint;
}

async function refuseOtherKinds(path: string): Promise<void> {
  const stat = await lstat(path).catch(() => null);
  if (stat && !stat.isFile()) throw notAFile(path);
}

function notAFile(path: string): AppError {
  return new AppError(
    'DiskPermission',
    `${path} isn’t a regular file, so nothing can be downloaded there. Nothing was changed. Move it aside and resume.`,
    { details: { path } },
  );
}

function hasOtherNames(path: string): AppError {
  return new AppError(
    'DiskPermission',
    `${path} is a hard link: another file shares its data and would be overwritten. Nothing was changed. Move it aside and resume.`,
    { details: { path } },
  );
}

function tookNothing(path: string): AppError {
  return new AppError('DiskMissing', `The disk accepts no more data for ${path}. Your progress is saved.`, {
    details: { path },
  });
}

/** Network volumes fail with network errno values; these errors are about the disk. */
async function aboutDisk<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw classify(error, { disk: path });
  }
}

function skipBytes(buffers: readonly Buffer[], count: number): Buffer[] {
  let left = count;
  const rest: Buffer[] = [];
  for (const buffer of buffers) {
    if (left >= buffer.length) left -= buffer.length;
    else {
      rest.push(left > 0 ? buffer.subarray(left) : buffer);
      left = 0;
    }
  }
  return rest;
}
