import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { throwIfAborted } from './abort.ts';
import { boundedMap } from './bounded-map.ts';
import { blobPath, repositoryOfFolder, snapshotFile } from './layout.ts';

/** Concurrent file-system calls: enough to hide the latency of a network volume. */
const PARALLEL_CALLS = 16;

/** The content to find. */
export interface FindOptions {
  readonly cacheDir: string;
  readonly repo: string;
  /** SHA-256 or git SHA-1. */
  readonly hash: string;
  /** Length in bytes. */
  readonly size: number;
  /** Where it would be in a cache without links, which keeps the content in the snapshot itself. */
  readonly snapshot?: { readonly commit: string; readonly path: string };
}

/** True when a regular file of that length is at `path`; links are followed unless `ownFile` is set. */
async function holds(path: string, size: number, ownFile = false): Promise<boolean> {
  try {
    const there = ownFile ? await lstat(path) : await stat(path);
    return there.isFile() && there.size === size;
  } catch {
    // Missing, unreadable, or a broken link: in every case not a usable content.
    return false;
  }
}

/**
 * Returns the finished content in this repository, null when there is none of the right length. `blobs/<hash>` may be a
 * link into a store that repositories share (huggingface_hub 2). Checks only the length; the caller decides whether the
 * content is correct. Throws PathUnsafe for an unsafe name.
 */
export async function findBlob(options: FindOptions): Promise<string | null> {
  const { cacheDir, repo, hash, size, snapshot } = options;
  const blob = blobPath(cacheDir, repo, hash);
  if (await holds(blob, size)) return blob;
  if (snapshot === undefined) return null;
  const file = snapshotFile(cacheDir, repo, snapshot.commit, snapshot.path);
  return (await holds(file, size, true)) ? file : null;
}

/** Where to look for a content that another repository or another cache may have. */
export interface FindElsewhereOptions {
  /** Caches to search, the nearest first. A missing folder is skipped. */
  readonly cacheDirs: readonly string[];
  readonly hash: string;
  readonly size: number;
  /** The repository that {@link findBlob} has searched already. */
  readonly except?: { readonly cacheDir: string; readonly repo: string };
  readonly signal?: AbortSignal;
}

/**
 * Returns finished blobs of that hash and length in other model repositories, in the order of `cacheDirs`, each real
 * file once. Their content has not been checked. Throws only Cancelled or PathUnsafe.
 */
export async function findElsewhere(options: FindElsewhereOptions): Promise<readonly string[]> {
  const { hash, size, except, signal } = options;
  const skipped = except === undefined ? null : blobPath(except.cacheDir, except.repo, hash);
  const found = new Set<string>();
  for (const cacheDir of new Set(options.cacheDirs.map((folder) => resolve(folder)))) {
    const repos = await modelRepositories(cacheDir);
    const blobs = repos.map((repo) => blobPath(cacheDir, repo, hash)).filter((path) => path !== skipped);
    const real = await boundedMap(blobs, PARALLEL_CALLS, async (blob) => {
      throwIfAborted(signal);
      return (await holds(blob, size)) ? realpath(blob).catch(() => null) : null;
    });
    for (const path of real) if (path !== null) found.add(path);
  }
  return [...found];
}

async function modelRepositories(cacheDir: string): Promise<readonly string[]> {
  try {
    return (await readdir(cacheDir)).map(repositoryOfFolder).filter((repo) => repo !== null);
  } catch {
    // A missing or unreadable cache has nothing to offer.
    return [];
  }
}
