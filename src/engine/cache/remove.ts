import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import type { RemoveReport } from '../../shared/model/library.ts';
import { isAbsent, onDisk } from '../errors/cache-error.ts';
import { lstatOrNull, syncFolder } from './durable.ts';
import { createFreedBytes, type FreedBytes } from './freed-bytes.ts';
import {
  blobsFolder,
  INCOMPLETE_SUFFIX,
  isCommit,
  locksFolder,
  PARTIAL_SUFFIX,
  refsFolder,
  repositoryFolder,
  snapshotFolder,
  snapshotsFolder,
} from './layout.ts';
import { listRefs } from './refs.ts';
import { removeEmptyFolder } from './remove-tree.ts';
import { listSnapshotEntries } from './snapshot-files.ts';
import { isALink, type Trash, withTrash } from './trash.ts';

/** What to remove. */
export interface RemoveOptions {
  readonly cacheDir: string;
  readonly repo: string;
  /** Only this snapshot, its refs, and the blobs that no other snapshot uses. The whole repository when absent. */
  readonly commit?: string;
  /** With `commit`: hashes of contents that must stay, because something elsewhere refers to them. */
  readonly keep?: ReadonlySet<string>;
  /** Also our partial files. */
  readonly includePartials?: boolean;
  /** Also the partial files of other tools, which may be at work on them. */
  readonly includeForeignPartials?: boolean;
}

/**
 * Removes a repository, or one snapshot of it, from the cache. For a blob that is a link into a shared store only the
 * link is removed; nothing outside the repository's folder and its lock folder is touched. Partials stay unless
 * requested. No transfer of this repository may be running.
 *
 * Throws NotFound when it is not in the cache, PathUnsafe when its folder, or one of its subfolders, is a link to
 * another place, or a disk error. Refs go first and blobs last, so an interrupted removal leaves nothing that looks
 * complete.
 */
export async function removeRepository(options: RemoveOptions): Promise<RemoveReport> {
  const { cacheDir, repo, commit } = options;
  const folder = repositoryFolder(cacheDir, repo);
  const freed = createFreedBytes();
  return onDisk('removing', folder, async () => {
    await checkFolders(options, folder);
    return withTrash(cacheDir, async (trash) => {
      const removedSnapshots =
        commit === undefined
          ? await removeAll(options, folder, trash, freed)
          : await removeSnapshot(options, commit, trash, freed);
      return { repo, freedBytes: freed.total(), removedSnapshots };
    });
  });
}

/** For the metadata besides the content (refs, locks, listings): the report covers the content only. */
function uncounted(): FreedBytes {
  return createFreedBytes();
}

/** Every folder below which something is removed. */
async function checkFolders({ cacheDir, repo, commit }: RemoveOptions, folder: string): Promise<void> {
  if ((await lstatOrNull(folder)) === null) {
    throw new AppError('NotFound', `${repo} is not in the cache; nothing was removed.`);
  }
  const own = ['blobs', 'refs', 'snapshots', 'trees', '.no_exist'].map((name) => join(folder, name));
  const locks = locksFolder(cacheDir, repo);
  const snapshot = commit === undefined ? [] : [snapshotFolder(cacheDir, repo, commit)];
  for (const part of [folder, ...own, ...snapshot, dirname(locks), locks]) {
    const there = await lstatOrNull(part);
    if (there !== null && !there.isDirectory()) throw isALink(part);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isAbsent(cause)) return [];
    throw cause;
  }
}

function isKeptPartial(name: string, options: RemoveOptions): boolean {
  if (!name.endsWith(INCOMPLETE_SUFFIX)) return false;
  const ours = name.endsWith(PARTIAL_SUFFIX);
  return ours ? options.includePartials !== true : options.includeForeignPartials !== true;
}

async function removeAll(
  options: RemoveOptions,
  folder: string,
  trash: Trash,
  freed: FreedBytes,
): Promise<number> {
  const { cacheDir, repo } = options;
  const removedSnapshots = (await namesIn(snapshotsFolder(cacheDir, repo))).filter(isCommit).length;
  const blobs = blobsFolder(cacheDir, repo);
  const others = (await namesIn(folder)).filter((name) => name !== basename(blobs));
  await trash.remove(refsFolder(cacheDir, repo), uncounted());
  await trash.remove(snapshotsFolder(cacheDir, repo), freed);
  for (const name of others) await trash.remove(join(folder, name), uncounted());
  for (const name of await namesIn(blobs)) {
    if (!isKeptPartial(name, options)) await trash.remove(join(blobs, name), freed);
  }
  if ((await removeEmptyFolder(blobs)) && (await removeEmptyFolder(folder))) {
    await trash.remove(locksFolder(cacheDir, repo), uncounted());
    await syncFolder(resolve(cacheDir));
  } else {
    // Scanners of the cache report a repository without these two as damaged.
    for (const name of ['refs', 'snapshots']) await mkdir(join(folder, name), { recursive: true });
    await syncFolder(folder);
  }
  return removedSnapshots;
}

async function removeSnapshot(
  options: RemoveOptions,
  commit: string,
  trash: Trash,
  freed: FreedBytes,
): Promise<number> {
  const { cacheDir, repo } = options;
  const folder = repositoryFolder(cacheDir, repo);
  const snapshot = snapshotFolder(cacheDir, repo, commit);
  if ((await lstatOrNull(snapshot))?.isDirectory() !== true) {
    throw new AppError(
      'NotFound',
      `The snapshot ${commit} of ${repo} is not in the cache; nothing was removed.`,
    );
  }
  // All that must stay is known before the first file is removed.
  const kept = await hashesOfOthers(snapshotsFolder(cacheDir, repo), commit);
  const own = await hashesIn(snapshot);
  const goes = (name: string) => own.has(name) && !kept.has(name) && options.keep?.has(name) !== true;
  await removeRefsTo(refsFolder(cacheDir, repo), commit, trash);
  await trash.remove(snapshot, freed);
  await trash.remove(join(folder, 'trees', `${commit}.json`), uncounted());
  await trash.remove(join(folder, '.no_exist', commit), uncounted());
  const blobs = blobsFolder(cacheDir, repo);
  const asked = (name: string) => name.endsWith(INCOMPLETE_SUFFIX) && !isKeptPartial(name, options);
  for (const name of await namesIn(blobs)) {
    if (goes(name) || asked(name)) await trash.remove(join(blobs, name), freed);
  }
  await dropIfEmpty(options, folder, trash);
  return 1;
}

async function hashesIn(snapshot: string): Promise<ReadonlySet<string>> {
  const entries = await listSnapshotEntries(snapshot, () => undefined, tooDeep);
  return new Set(entries.map((entry) => entry.hash).filter((hash) => hash !== null));
}

/** What lies there may need a content that would be removed. */
function tooDeep(path: string): never {
  throw new AppError(
    'PathUnsafe',
    `${path} is too deep inside the snapshot to see what it needs. Nothing was removed; remove the model by hand.`,
    { details: { path } },
  );
}

/** Everything in `snapshots` counts, even under a name that is not a commit: what it links to must stay. */
async function hashesOfOthers(snapshots: string, commit: string): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  for (const name of await namesIn(snapshots)) {
    if (name === commit) continue;
    for (const hash of await hashesIn(join(snapshots, name))) kept.add(hash);
  }
  return kept;
}

async function removeRefsTo(folder: string, commit: string, trash: Trash): Promise<void> {
  for (const ref of await listRefs(folder, () => undefined)) {
    if (ref.commit !== commit) continue;
    await trash.remove(ref.path, uncounted());
    let parent = dirname(ref.path);
    while (parent !== folder && (await removeEmptyFolder(parent))) parent = dirname(parent);
  }
}

/** Without a snapshot, a blob or a partial, the rest (empty folders, locks) is useless. */
async function dropIfEmpty(options: RemoveOptions, folder: string, trash: Trash): Promise<void> {
  const { cacheDir, repo } = options;
  const filled = await Promise.all(
    [snapshotsFolder(cacheDir, repo), blobsFolder(cacheDir, repo)].map(async (part) => {
      return (await namesIn(part)).some((name) => name !== '.DS_Store');
    }),
  );
  if (filled.includes(true)) await syncFolder(folder);
  else await removeAll(options, folder, trash, uncounted());
}
