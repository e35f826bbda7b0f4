import { lstat, realpath, stat } from 'node:fs/promises';
import { onDisk } from '../errors/cache-error.ts';
import { boundedMap } from './bounded-map.ts';
import { isCommit, refPath, snapshotFolder } from './layout.ts';
import { readRefFile } from './refs.ts';
import { listSnapshotEntries } from './snapshot-files.ts';

const PARALLEL_CALLS = 16;

/** The requested snapshot. */
export interface LocalSnapshotOptions {
  readonly cacheDir: string;
  readonly repo: string;
  /** Commit, branch or tag; `main` when absent. */
  readonly revision?: string;
}

/** A snapshot on this disk. */
export interface LocalSnapshot {
  readonly commit: string;
  /** The snapshot folder. */
  readonly path: string;
}

/** A file of a snapshot on this disk. */
export interface LocalFile {
  /** Path in the repository, with `/`. */
  readonly path: string;
  /** Where the content is; null for a dangling link. */
  readonly realPath: string | null;
  /** Bytes; 0 when the content does not exist. */
  readonly size: number;
  /** Hash by which the cache names the content; null where it keeps the content in the snapshot. */
  readonly hash: string | null;
}

/**
 * Returns the snapshot of a revision as far as this disk knows, without asking the Hub: a commit directly, a branch or
 * tag through its ref. Null when it is not on this disk. Throws PathUnsafe or a disk error.
 */
export async function localSnapshot(options: LocalSnapshotOptions): Promise<LocalSnapshot | null> {
  const { cacheDir, repo, revision = 'main' } = options;
  const ref = refPath(cacheDir, repo, revision);
  const commit = isCommit(revision) ? revision : await onDisk('reading', ref, () => readRefFile(ref));
  if (commit === null) return null;
  const path = snapshotFolder(cacheDir, repo, commit);
  const there = await lstat(path).catch(() => null);
  return there?.isDirectory() === true ? { commit, path } : null;
}

/** Returns the files of a snapshot folder, sorted by path. Links to folders are left out. Throws a disk error. */
export async function listSnapshot(folder: string): Promise<readonly LocalFile[]> {
  const entries = await onDisk('reading', folder, () => listSnapshotEntries(folder, () => undefined));
  const files = await boundedMap(entries, PARALLEL_CALLS, async ({ path, location, hash }) => {
    const there = await stat(location).catch(() => null);
    if (there === null) return { path, realPath: null, size: 0, hash };
    if (!there.isFile()) return null;
    return { path, realPath: await realpath(location).catch(() => null), size: there.size, hash };
  });
  return files.filter((file) => file !== null);
}
