import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';

/** A regular file, and what tells it from any other and from a later state of itself. */
export interface FileIdentity {
  /** Its real path: links are followed. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Tells whether two paths are one file. */
  readonly inode: bigint;
  /**
   * Size, time of the last change of its content, time of the last change of its inode, and the inode. The second time is there for
   * writers that put the first one back (`rsync -t --inplace`, `touch -r`).
   */
  readonly identity: string;
}

/** What is at a path now; null when no regular file is, or when it cannot be looked at. */
export async function identifyFile(path: string): Promise<FileIdentity | null> {
  try {
    const real = await realpath(path);
    const there = await stat(real, { bigint: true });
    if (!there.isFile()) return null;
    return { path: real, size: Number(there.size), inode: there.ino, identity: identityOf(there) };
  } catch {
    return null; // Not there, not readable, a broken link: nothing that a record could be about.
  }
}

/** The {@link FileIdentity.identity} of what `stat` told, also of an open file. */
export function identityOf({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino].join(' ');
}
