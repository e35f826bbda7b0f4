import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';

/** A regular file, and what distinguishes it from any other and from a later state of itself. */
export interface FileIdentity {
  /** Its real path: links are followed. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Identifies two paths of one file. */
  readonly inode: bigint;
  /**
   * Size, time of the last change of its content, time of the last change of its inode, and the inode. The second time
   * covers writers that restore the first one (`rsync -t --inplace`, `touch -r`).
   */
  readonly identity: string;
}

/** Returns the identity of the file at a path now; null when it is not a regular file, or when it cannot be read. */
export async function identifyFile(path: string): Promise<FileIdentity | null> {
  try {
    const real = await realpath(path);
    const there = await stat(real, { bigint: true });
    if (!there.isFile()) return null;
    return { path: real, size: Number(there.size), inode: there.ino, identity: identityOf(there) };
  } catch {
    return null; // Missing, unreadable, or a broken link: nothing that a record could be about.
  }
}

/** Returns the {@link FileIdentity.identity} from the result of `stat`, also of an open file. */
export function identityOf({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino].join(' ');
}
