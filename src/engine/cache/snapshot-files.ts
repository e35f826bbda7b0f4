import type { Dirent } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MAX_PATH_DEPTH } from '../../shared/model/file-path.ts';
import { isAbsent } from '../errors/cache-error.ts';
import { boundedMap } from './bounded-map.ts';
import { isBlobHash } from './layout.ts';

/** Deepest folder that is walked: deeper names are never written. A damaged volume might have such a tree. */
const MAX_DEPTH = MAX_PATH_DEPTH;

/** Files that file managers leave in any folder they show. */
const LITTER: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** Concurrent file-system calls. */
const PARALLEL_CALLS = 16;

/** A folder that is still to be read. */
interface Place {
  readonly folder: string;
  readonly prefix: string;
  readonly depth: number;
}

/** One name in a snapshot folder. */
export interface SnapshotEntry {
  /** Path in the repository, with `/`. */
  readonly path: string;
  /** Where the name is. */
  readonly location: string;
  /** Null for a regular file, which holds the content itself (a cache without links). */
  readonly link: string | null;
  /** The name of the blob that the link points to; null when it does not point into a `blobs` folder. */
  readonly hash: string | null;
}

/** Returns the name of the blob that a link text points to, null when its last two parts are not `blobs/<hash>`. */
export function hashOfLink(target: string): string | null {
  const name = basename(target);
  return isBlobHash(name) && basename(dirname(target)) === 'blobs' ? name : null;
}

/**
 * Returns every file and link in a snapshot folder. Links are read, never followed, so nothing outside is walked. Empty
 * when the folder does not exist; a folder that cannot be read throws the system's error. `onOdd` is called with pipes
 * and devices, `onTooDeep` with folders that are too deep to be walked.
 */
export async function listSnapshotEntries(
  folder: string,
  onOdd: (sentence: string) => void,
  onTooDeep = (path: string) => onOdd(`${path} is too deep inside the snapshot and was passed over.`),
): Promise<readonly SnapshotEntry[]> {
  const entries: SnapshotEntry[] = [];
  const waiting: Place[] = [{ folder, prefix: '', depth: 0 }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const here = place;
    const children = await readFolder(here.folder);
    const found = await boundedMap(children, PARALLEL_CALLS, (child) => entryOf(here, child));
    for (const item of found) {
      if (item === null) continue;
      if ('link' in item) entries.push(item);
      else if (item.depth <= MAX_DEPTH) waiting.push(item);
      else onTooDeep(item.folder);
    }
    for (const child of children) {
      if (!child.isFile() && !child.isDirectory() && !child.isSymbolicLink()) {
        onOdd(`${join(here.folder, child.name)} is neither a file nor a link.`);
      }
    }
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function entryOf(place: Place, child: Dirent): Promise<SnapshotEntry | Place | null> {
  const location = join(place.folder, child.name);
  const path = `${place.prefix}${child.name}`;
  if (child.isDirectory()) return { folder: location, prefix: `${path}/`, depth: place.depth + 1 };
  if (child.isSymbolicLink()) {
    const link = await readlink(location);
    return { path, location, link, hash: hashOfLink(link) };
  }
  return child.isFile() && !LITTER.has(child.name) ? { path, location, link: null, hash: null } : null;
}

async function readFolder(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    // Removed by another tool in the meantime, which is as good as empty.
    if (isAbsent(cause)) return [];
    throw cause;
  }
}
