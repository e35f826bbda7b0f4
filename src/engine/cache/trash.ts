import { lstat, mkdtemp, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { errnoOf, isAbsent } from '../errors/cache-error.ts';
import { lstatOrNull } from './durable.ts';
import type { FreedBytes } from './freed-bytes.ts';
import { removeEmptyFolder, removeTree } from './remove-tree.ts';

/** Prefix of folders in which things wait to be deleted. */
const TRASH_PREFIX = '.haulyard-removed-';

/** Deletes things in one cache. */
export interface Trash {
  /**
   * Deletes a file, a link or a folder with all its contents; does not fail when nothing is there. Throws PathUnsafe,
   * and deletes nothing, when a folder between the cache and it is a link.
   */
  remove(path: string, freed: FreedBytes): Promise<void>;
}

/**
 * Runs `work` with a place to delete in. Between the check of a folder and its deletion, anyone who may write to the
 * cache could exchange it for a link to elsewhere. So a thing is first renamed into a new folder that nobody else may
 * enter, and deleted there if it is still what was checked; otherwise it is moved back.
 */
export async function withTrash<T>(cacheDir: string, work: (trash: Trash) => Promise<T>): Promise<T> {
  const root = resolve(cacheDir);
  await removeLeftovers(root);
  const folder = await mkdtemp(join(root, TRASH_PREFIX));
  let count = 0;
  const remove: Trash['remove'] = async (path, freed) => {
    const parents = await realParents(root, path);
    const there = await lstatOrNull(path);
    if (there === null) return;
    if (!isSame(parents, await realParents(root, path))) throw exchanged(path);
    const place = join(folder, `${count++}`);
    try {
      await rename(path, place);
    } catch (cause) {
      if (isAbsent(cause)) return;
      if (errnoOf(cause) !== 'EXDEV') throw cause;
      // A volume that is mounted inside: it cannot be renamed away, nor exchanged unseen.
      return removeTree(path, freed);
    }
    const moved = await lstat(place);
    if (moved.ino !== there.ino || moved.dev !== there.dev) {
      await rename(place, path);
      throw exchanged(path);
    }
    await removeTree(place, freed);
  };
  try {
    return await work({ remove });
  } finally {
    await removeEmptyFolder(folder);
  }
}

/** Returns the real folders between the cache and a path. Throws PathUnsafe for one that is not a folder. */
async function realParents(root: string, path: string): Promise<readonly string[]> {
  const identities: string[] = [];
  for (let parent = dirname(resolve(path)); parent !== root; parent = dirname(parent)) {
    if (parent === dirname(parent)) throw exchanged(path);
    const there = await lstatOrNull(parent);
    if (there === null) continue;
    if (!there.isDirectory()) throw isALink(parent);
    identities.push(`${there.dev}:${there.ino}`);
  }
  return identities;
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();

/** Returns the error for a link in a path that points to another place. */
export function isALink(path: string): AppError {
  return new AppError(
    'PathUnsafe',
    `${path} is a link or a file, so what it leads to may be in use elsewhere. Nothing was removed; remove it by hand.`,
    { details: { path } },
  );
}

function exchanged(path: string): AppError {
  return new AppError(
    'PathUnsafe',
    `${path} was exchanged while it was being removed. It was left alone; see which other program works in the cache.`,
    { details: { path } },
  );
}

/** An interrupted removal left what it had already taken out of the cache. */
async function removeLeftovers(root: string): Promise<void> {
  const uid = process.getuid?.();
  const nothing: FreedBytes = { removed: () => undefined, total: () => 0 };
  for (const name of await readdir(root)) {
    if (!basename(name).startsWith(TRASH_PREFIX)) continue;
    const there = await lstatOrNull(join(root, name));
    if (there?.isDirectory() && there.uid === (uid ?? there.uid)) await removeTree(join(root, name), nothing);
  }
}
