import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { boundedMap } from '../../cache/bounded-map.ts';
import { repositoryOfFolder, snapshotFolder, snapshotsFolder } from '../../cache/layout.ts';
import { listSnapshotEntries, type SnapshotEntry } from '../../cache/snapshot-files.ts';
import type { FileAtCommit } from '../../hub/remote-file.ts';

/** Smaller files are not worth the requests. */
export const MIN_SIMILAR_BYTES = 8 * 1024 * 1024;
/** Maximum number of files compared: each costs three requests to the Hub and its storage. */
const MAX_SIMILAR = 3;
/**
 * Files of another name are compared when their sizes differ by no more than this: fine-tuned weights have the size of
 * the original.
 */
const SIMILAR_SIZE = 0.01;
const PARALLEL_CALLS = 16;

/** A file in the cache that may share bytes with another one. */
export interface SimilarFile extends FileAtCommit {
  readonly size: number;
  /** Where its bytes are. */
  readonly file: string;
}

/** A file that is about to be downloaded. */
export interface WantedFile extends FileAtCommit {
  readonly cacheDir: string;
  readonly size: number;
}

/**
 * Returns the cached files that may share bytes with a wanted one, the likeliest first: other revisions of it, files of
 * the same name elsewhere, files of its size. Each content once. Returns none for a cache that cannot be read.
 */
export async function similarFiles(wanted: WantedFile, signal: AbortSignal): Promise<readonly SimilarFile[]> {
  const snapshots = await allSnapshots(wanted.cacheDir);
  const found = new Map<string, { readonly similar: SimilarFile; readonly rank: number }>();
  for (const { repo, commit } of snapshots) {
    signal.throwIfAborted();
    if (repo === wanted.repo && commit === wanted.commit) continue;
    const entries = await listSnapshotEntries(snapshotFolder(wanted.cacheDir, repo, commit), () => undefined);
    const named = entries.filter(({ path }) => extname(path) === extname(wanted.path));
    for (const similar of await boundedMap(named, PARALLEL_CALLS, (entry) =>
      described(repo, commit, entry),
    )) {
      if (similar === null || found.has(similar.file)) continue;
      const rank = rankOf(similar, wanted);
      if (rank !== null) found.set(similar.file, { similar, rank });
    }
  }
  const ranked = [...found.values()].sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, MAX_SIMILAR).map(({ similar }) => similar);
}

async function allSnapshots(cacheDir: string): Promise<Array<{ repo: string; commit: string }>> {
  const names = async (folder: string) => readdir(folder).catch(() => []);
  const repos = (await names(cacheDir)).map(repositoryOfFolder).filter((repo) => repo !== null);
  const commits = await boundedMap(repos, PARALLEL_CALLS, async (repo) =>
    (await names(snapshotsFolder(cacheDir, repo))).map((commit) => ({ repo, commit })),
  );
  return commits.flat();
}

async function described(
  repo: string,
  commit: string,
  { path, location }: SnapshotEntry,
): Promise<SimilarFile | null> {
  try {
    const file = await realpath(location);
    const there = await stat(file);
    const isLarge = there.isFile() && there.size >= MIN_SIMILAR_BYTES;
    return isLarge ? { repo, commit, path, size: there.size, file } : null;
  } catch {
    return null; // A dangling link.
  }
}

/** Lower is likelier; null when there is no reason to expect the same bytes. */
function rankOf(similar: SimilarFile, wanted: WantedFile): number | null {
  const isSameRepo = similar.repo === wanted.repo;
  if (isSameRepo && similar.path === wanted.path) return 0;
  const isSameName = basename(similar.path) === basename(wanted.path);
  if (isSameName) return isSameRepo ? 1 : 2;
  const difference = Math.abs(similar.size - wanted.size) / wanted.size;
  return isSameRepo || difference <= SIMILAR_SIZE ? 3 + Math.min(1, difference) : null;
}
