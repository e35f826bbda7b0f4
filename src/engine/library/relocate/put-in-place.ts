import { randomBytes } from 'node:crypto';
import { lstat, readFile, realpath, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import { lstatOrNull, syncFolder } from '../../cache/durable.ts';
import { createFreedBytes } from '../../cache/freed-bytes.ts';
import { removeTree } from '../../cache/remove-tree.ts';
import { onDisk } from '../../errors/cache-error.ts';

/** A complete copy, and the names that change. */
export interface Placement {
  /** Where the copy was made, on the target's volume. */
  readonly staged: string;
  /** Its destination. */
  readonly target: string;
  /** The repository's current folder. */
  readonly source: string;
  /** The folder of the repository in the current cache: the source, a link to it, or the target. */
  readonly inCache: string;
}

/**
 * Gives a copy its name, makes the current cache point to it, and removes the original last. Between any two steps one
 * of the two is complete under a name that the cache points to, except for the instant between two renames.
 */
export async function putInPlace({ staged, target, source, inCache }: Placement): Promise<void> {
  await onDisk('moving to', target, async () => {
    const there = await lstatOrNull(target);
    if (there !== null && !there.isSymbolicLink()) throw isTaken(target);
    if (there !== null && (await realpath(target).catch(() => null)) !== source) throw isTaken(target);
    await writeFile(markOf(staged), source, { flush: true });
    if (there !== null) await unlink(target);
    await rename(staged, target);
    await syncFolder(dirname(target));
  });
  await leadTo({ staged, target, source, inCache });
}

/** Marks the target as the complete copy of a source that is not removed yet, in case a move is killed in between. */
const markOf = (staged: string) => `${staged}.whole`;

/** True when an earlier move of this source has put the complete copy in place, and only the rest is to be done. */
export async function isPlaced({ staged, target, source }: Placement): Promise<boolean> {
  const marked = await readFile(markOf(staged), 'utf8').catch(() => null);
  if (marked !== source || (await lstatOrNull(staged)) !== null) return false;
  return (await lstatOrNull(target))?.isDirectory() === true;
}

/** Makes the current cache point to a repository elsewhere, and removes the original. */
export async function leadTo({ staged, target, source, inCache }: Placement): Promise<void> {
  await onDisk('linking', inCache, async () => {
    const old = join(dirname(source), `.haulyard-removed-${randomBytes(4).toString('hex')}`);
    if (inCache === target) {
      await rename(source, old);
    } else {
      const fresh = join(dirname(inCache), `.haulyard-link-${randomBytes(4).toString('hex')}`);
      await symlink(target, fresh, 'dir');
      const isLink = (await lstat(inCache)).isSymbolicLink();
      if (!isLink) await rename(source, old);
      await rename(fresh, inCache);
      if (isLink) await rename(source, old);
    }
    await syncFolder(dirname(inCache));
    await removeTree(old, createFreedBytes());
    await rm(markOf(staged), { force: true });
  });
}

function isTaken(path: string): AppError {
  return new AppError(
    'BadRequest',
    `${path} is there already. Nothing was changed; remove or rename it first.`,
    {
      details: { path },
    },
  );
}
