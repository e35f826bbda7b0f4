import { lstat, mkdtemp, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { errnoOf, isAbsent } from '../errors/cache-error.ts';
import { lstatOrNull } from './durable.ts';
import type { FreedBytes } from './freed-bytes.ts';
import { removeEmptyFolder, removeTree } from './remove-tree.ts';

/** How folders are named in which things wait to be deleted. */
const TRASH_PREFIX = '.haulyard-removed-';

/** Deletes things of one cache. */
export interface Trash {
  /**
   * Deletes a file, a link or a folder with all it holds; nothing there is no failure. Fails with PathUnsafe, and nothing is
   * deleted, when a folder on the way from the cache to it is a link.
   */
  remove(path: string, freed: FreedBytes): Promise<void>;
}

/**
 * Runs `work` with a place to delete in. A folder may be exchanged for a link to elsewhere between the look at it and the
 * deletion, by whoever may write to the cache. So a thing is first renamed into a fresh folder that nobody else may enter, and
 * deleted there if it is still what was looked at; else it goes back where it was.
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

/** What the folders between the cache and a path are. Throws PathUnsafe for one that is no folder. */
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

/** The error for something in the way that leads to another place. */
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

/** A removal that was broken off left what it had already taken out of the cache. */
async function removeLeftovers(root: string): Promise<void> {
  const uid = process.getuid?.();
  const nothing: FreedBytes = { removed: () => undefined, total: () => 0 };
  for (const name of await readdir(root)) {
    if (!basename(name).startsWith(TRASH_PREFIX)) continue;
    const there = await lstatOrNull(join(root, name));
    if (there?.isDirectory() && there.uid === (uid ?? there.uid)) await removeTree(join(root, name), nothing);
  }
}
