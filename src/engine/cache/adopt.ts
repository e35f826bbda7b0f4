import { randomBytes } from 'node:crypto';
import { link, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { throwIfAborted } from './abort.ts';
import { cloneFile, copyWhole, withSource } from './copy-bytes.ts';
import { lstatOrNull, replaceAtomically } from './durable.ts';
import { isBlobHash, PARTIAL_SUFFIX } from './layout.ts';
import { isInLocalFolder } from './local-folder.ts';

/** How the bytes of a finished blob were transferred to their new place. */
export type AdoptMethod = 'clone' | 'link' | 'copy';

/** True for `…/<type>--…/blobs/<hash>` and for `…/blobs/<2 hex>/<hash>`, the store shared by repositories. */
export function isFinishedBlob(path: string): boolean {
  const parent = dirname(path);
  const above = basename(dirname(parent));
  if (!isBlobHash(basename(path))) return false;
  if (basename(parent) === 'blobs') return /^(?:models|datasets|spaces|kernels|buckets)--/.test(above);
  return above === 'blobs' && /^[0-9a-f]{2}$/.test(basename(parent));
}

/**
 * Returns a name next to the target that scanners list as a partial and that no tool resumes. The target's name is
 * truncated, because it may already be as long as a name can be.
 */
export function temporaryBeside(target: string): string {
  const stem = basename(target).slice(0, 64);
  return join(dirname(target), `${stem}.${randomBytes(4).toString('hex')}${PARTIAL_SUFFIX}`);
}

/** Write permission of the group and of everybody. */
const OTHERS_WRITE = 0o022;

async function canShareInode(source: string, target: string): Promise<boolean> {
  // What ends up in a local folder may be edited by its user.
  if (isInLocalFolder(target) || !isFinishedBlob(source) || !isFinishedBlob(target)) return false;
  const { dev, uid, mode } = await stat(source);
  // Whoever may write to a shared inode, or grant himself the permission, can change the content after it was checked.
  const isOurs = process.getuid === undefined || uid === process.getuid();
  return isOurs && (mode & OTHERS_WRITE) === 0 && dev === (await stat(dirname(target))).dev;
}

async function bring(
  source: string,
  target: string,
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<AdoptMethod> {
  if (await cloneFile(source, temporary)) return 'clone';
  if (await canShareInode(source, target)) {
    // A volume without hard links returns an error; a copy works there.
    const linked = await link(source, temporary).then(
      () => true,
      () => false,
    );
    if (linked) return 'link';
  }
  await copyWhole(source, temporary, signal);
  return 'copy';
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstatOrNull(a), lstatOrNull(b)]);
  return one !== null && other !== null && one.dev === other.dev && one.ino === other.ino;
}

/**
 * Brings a finished blob to `target`: a copy-on-write clone, else a hard link, else a copy; under a temporary name
 * first, then renamed, so that `target` is never incomplete. The source is only read.
 *
 * A hard link is made only from one finished blob of a Hugging Face cache to another, and only of one that only we may
 * write to; never from a file elsewhere, and never to a partial: writing into that would change the source. So to save
 * the space of a second copy, check the hash of the source, then adopt it directly to `blobs/<hash>`.
 *
 * Throws Cancelled, BadRequest (not a regular file) or a disk error; nothing is left behind then.
 */
export async function adoptBlob(
  source: string,
  target: string,
  signal: AbortSignal | undefined,
): Promise<AdoptMethod> {
  throwIfAborted(signal);
  return withSource(source, async () => {
    const real = await realpath(source);
    // Renaming one hard link over another of the same file does nothing and leaves both (POSIX rename).
    if (await isSameFile(real, target)) return 'link';
    return replaceAtomically(target, temporaryBeside(target), (temporary) =>
      bring(real, target, temporary, signal),
    );
  });
}
