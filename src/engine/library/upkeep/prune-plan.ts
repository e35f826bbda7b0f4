import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { PruneItem } from '../../../shared/model/upkeep.ts';
import { boundedMap } from '../../cache/bounded-map.ts';
import { isBlobHash, isCommit, PARTIAL_SUFFIX, repositoryFolder } from '../../cache/layout.ts';
import { scanCache } from '../../cache/scan.ts';
import type { ScannedPartial, ScannedSnapshot } from '../../cache/scan-repository.ts';
import type { Links } from './links.ts';

/**
 * Finds what nothing needs, in one pass over a cache.
 *
 * A *revision* is removed when no branch or tag names it, nobody requested it by its commit, and its repository has no
 * unfinished work. An *unfinished* file is removed when no download needs it; another tool's only after it has been
 * idle for an hour. A *content* is removed when no link points to it, from this cache or any other, and it has been
 * idle as well. A *link* is removed when the content it pointed to, in its own repository, is gone; where the folder of
 * contents itself does not exist, a disk may be missing, and nothing is removed.
 *
 * Only freed bytes count: a content that something else still refers to, or that has another hard link, stays and
 * counts for nothing.
 */

/** Another tool may be at work on a newer file, in milliseconds. */
const REST_MS = 3_600_000;
const PARALLEL_CALLS = 16;

/** What the plan depends on besides the cache itself. */
export interface PruneFacts {
  readonly cacheDir: string;
  readonly links: Links;
  /** Whether a revision was requested by its commit, or is pinned. */
  readonly isPinned: (repo: string, commit: string) => boolean;
  /** Whether a download or a build of this repository is unfinished. */
  readonly isBusy: (repo: string) => boolean;
  /** The unfinished download that needs a partial; null when none does. */
  readonly needs: (partial: ScannedPartial) => string | null;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** One item, and for a revision the contents of it that must stay. */
export interface PlannedItem extends PruneItem {
  readonly keep: ReadonlySet<string>;
}

/** Returns everything in the cache that nothing needs, the largest first. Changes nothing. */
export async function prunePlan(facts: PruneFacts): Promise<readonly PlannedItem[]> {
  const { cacheDir, signal } = facts;
  const { snapshots, partials } = await scanCache(cacheDir, signal);
  const going = snapshots.filter(
    ({ repo, commit, refs }) => refs.length === 0 && !facts.isPinned(repo, commit) && !facts.isBusy(repo),
  );
  const counted = new Set<string>();
  const items: PlannedItem[] = [];
  for (const snapshot of going) items.push(await revisionItem(snapshot, going, counted, facts));
  for (const partial of partials) items.push(...(await unfinishedItem(partial, facts)));
  const repos = new Set([...snapshots, ...partials].map(({ repo }) => repo));
  for (const repo of [...repos].filter((each) => !facts.isBusy(each))) {
    signal.throwIfAborted();
    items.push(...(await contentItems(repo, facts)));
  }
  const staying = snapshots.filter((each) => !going.includes(each) && !facts.isBusy(each.repo));
  for (const snapshot of staying) items.push(...(await linkItems(snapshot, facts)));
  return items.toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
}

async function revisionItem(
  { repo, commit, path, files }: ScannedSnapshot,
  going: readonly ScannedSnapshot[],
  counted: Set<string>,
  { links }: PruneFacts,
): Promise<PlannedItem> {
  const goes = (location: string) => going.some((other) => location.startsWith(`${other.path}/`));
  const keep = new Set<string>();
  let bytes = 0;
  for (const file of files) {
    const location = join(path, file.path);
    const real = await realpath(location).catch(() => null);
    if (real === null || counted.has(real)) continue;
    const others = (links.get(real) ?? []).filter((link) => !goes(link));
    if (file.hash !== null && others.length > 0) {
      keep.add(file.hash);
      continue;
    }
    counted.add(real);
    bytes += await freedBy(real);
  }
  return { kind: 'revision', repo, commit, path, bytes, keep };
}

const NOTHING_KEPT: ReadonlySet<string> = new Set();

async function unfinishedItem(partial: ScannedPartial, facts: PruneFacts): Promise<readonly PlannedItem[]> {
  const { repo, path, bytes } = partial;
  if (facts.needs(partial) !== null) return [];
  if (!path.endsWith(PARTIAL_SUFFIX) && !(await hasRested(path, facts))) return [];
  return [{ kind: 'unfinished', repo, commit: null, path, bytes, keep: NOTHING_KEPT }];
}

async function contentItems(repo: string, facts: PruneFacts): Promise<readonly PlannedItem[]> {
  const blobs = join(repositoryFolder(facts.cacheDir, repo), 'blobs');
  const names = (await readdir(blobs).catch(() => [])).filter(isBlobHash);
  const items = await boundedMap(names, PARALLEL_CALLS, async (name): Promise<PlannedItem | null> => {
    const path = join(blobs, name);
    const real = await realpath(path).catch(() => null);
    // A link points to a store that repositories share, which has its own rules.
    if (real === null || (await lstat(path)).isSymbolicLink()) return null;
    if (facts.links.has(real) || !(await hasRested(path, facts))) return null;
    return { kind: 'content', repo, commit: null, path, bytes: await freedBy(real), keep: NOTHING_KEPT };
  });
  return items.filter((item) => item !== null);
}

async function linkItems(
  { repo, commit, path, files }: ScannedSnapshot,
  { cacheDir }: PruneFacts,
): Promise<readonly PlannedItem[]> {
  const blobs = join(repositoryFolder(cacheDir, repo), 'blobs');
  const broken = files.filter((file) => file.broken && file.hash !== null);
  if (broken.length === 0 || !(await isFolder(blobs)) || !isCommit(commit)) return [];
  const items: PlannedItem[] = [];
  for (const file of broken) {
    const location = join(path, file.path);
    const text = await readlink(location).catch(() => null);
    if (text === null) continue;
    const target = resolve(dirname(location), text);
    const isOwn = dirname(target) === resolve(blobs) && (await lstat(target).catch(() => null)) === null;
    if (isOwn) {
      items.push({ kind: 'link', repo, commit: null, path: location, bytes: 0, keep: NOTHING_KEPT });
    }
  }
  return items;
}

/** Returns the bytes freed with the last name of a file; none while it has another one. */
async function freedBy(path: string): Promise<number> {
  const there = await lstat(path).catch(() => null);
  if (there === null || !there.isFile() || there.nlink > 1) return 0;
  return Math.min(there.size, there.blocks * 512);
}

async function hasRested(path: string, { nowMs }: PruneFacts): Promise<boolean> {
  const there = await lstat(path).catch(() => null);
  return there !== null && nowMs - Math.max(there.mtimeMs, there.ctimeMs) >= REST_MS;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}
