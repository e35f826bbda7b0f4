import type { BigIntStats } from 'node:fs';
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import { throwIfAborted } from '../../cache/abort.ts';
import { isBlobHash } from '../../cache/layout.ts';

/** A file of a repository's folder that is to be moved. */
export interface TreeFile {
  /** Path inside the folder, with the system's separators. */
  readonly path: string;
  /** Where its content is: itself, or the target of a link that leads out of the folder. */
  readonly source: string;
  readonly bytes: number;
  /** Hash by which the cache names the content; null for a file that has no such name. */
  readonly hash: string | null;
}

/** A link to another place inside the folder. */
export interface TreeLink {
  readonly path: string;
  readonly text: string;
  /** Its target, as a path inside the folder. */
  readonly target: string;
}

/** Everything in a repository's folder. */
export interface Tree {
  readonly files: readonly TreeFile[];
  readonly links: readonly TreeLink[];
}

const MAX_DEPTH = 70;

/**
 * Lists a repository's folder. A link inside stays a link; the target of a link to elsewhere (a store that repositories
 * share) becomes a separate file. Throws `BadRequest` for a broken link, a pipe or a device: what cannot be moved
 * completely is not moved.
 */
export async function listTree(folder: string, signal: AbortSignal): Promise<Tree> {
  const files: TreeFile[] = [];
  const links: TreeLink[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    throwIfAborted(signal);
    if (depth > MAX_DEPTH) throw cannotMove(below, 'is too deep inside the folder');
    for (const name of (await readdir(join(folder, below))).toSorted()) {
      const path = join(below, name);
      const there = await lstat(join(folder, path), { bigint: true });
      if (there.isDirectory()) await walk(path, depth + 1);
      else if (there.isSymbolicLink()) await addLink(path);
      else files.push(fileAt(path, join(folder, path), there));
    }
  };
  const addLink = async (path: string): Promise<void> => {
    const location = join(folder, path);
    const text = await readlink(location);
    const target = relative(folder, resolve(dirname(location), text));
    const source = await realpath(location).catch(() => null);
    if (source === null) throw cannotMove(location, 'is a link to a file that is gone');
    const isInside = target !== '' && !target.startsWith(`..${sep}`) && target !== '..';
    if (isInside && !resolve(text).startsWith(text)) links.push({ path, text, target });
    else files.push(fileAt(path, source, await lstat(source, { bigint: true })));
  };
  await walk('', 0);
  return { files, links };
}

function fileAt(path: string, source: string, there: BigIntStats): TreeFile {
  if (!there.isFile()) throw cannotMove(source, 'is neither a file nor a link');
  const [folder, name = ''] = path.split(sep);
  const hash = folder === 'blobs' && isBlobHash(name) && path.split(sep).length === 2 ? name : null;
  return { path, source, bytes: Number(there.size), hash };
}

function cannotMove(path: string, why: string): AppError {
  return new AppError('BadRequest', `${path} ${why}, so the model can’t be moved. Nothing was changed.`, {
    details: { path },
  });
}
