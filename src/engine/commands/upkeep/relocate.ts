import { mkdir, realpath, symlink } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import type { CommandArgs } from '../../../shared/contract/commands.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { RelocateReport } from '../../../shared/model/upkeep.ts';
import { lstatOrNull } from '../../cache/durable.ts';
import { identifyFile } from '../../cache/file-identity.ts';
import {
  INCOMPLETE_SUFFIX,
  LOCKS_FOLDER,
  repositoryFolder,
  repositoryFolderName,
} from '../../cache/layout.ts';
import { prepareCacheRoot } from '../../cache/prepare.ts';
import { createVolumeProbes } from '../../cache/probes.ts';
import { requireRoom } from '../../disk/disk-guard.ts';
import type { EngineParts } from '../../engine-parts.ts';
import { onDisk } from '../../errors/cache-error.ts';
import { parseReference } from '../../hub/reference.ts';
import type { Builds } from '../../jobs/quantize/builds.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { copyTree } from '../../library/relocate/copy-tree.ts';
import { listTree, type Tree } from '../../library/relocate/list-tree.ts';
import { isPlaced, leadTo, putInPlace } from '../../library/relocate/put-in-place.ts';
import type { DownloadQueue } from '../../queue/queue.ts';
import { installedTargets } from '../target.ts';

/** A heartbeat a second. */
const TELL_MS = 1000;

/**
 * Moves a model into another cache folder and leaves a link. The copy is made under the target's `.locks`, which scanners pass over, so
 * nothing that is not whole is ever taken for a model, and a second call continues it.
 */
export async function relocate(
  { reference, to }: CommandArgs<'library.relocate'>,
  parts: EngineParts,
  ledger: Ledger,
  { downloads, builds }: { readonly downloads: DownloadQueue; readonly builds: Builds },
): Promise<RelocateReport> {
  const repo = await repositoryToMove(reference, to, parts);
  const inCache = repositoryFolder(parts.cacheDir, repo);
  const requireIdle = () => {
    downloads.requireIdle(repo);
    builds.requireIdle({ repo });
  };
  requireIdle();
  const release = await parts.leases.acquire(inCache, 'exclusive', parts.signal);
  try {
    requireIdle(); // A download may have been added while the lease was waited for.
    const source = await onDisk('reading', inCache, () => realpath(inCache));
    const root = await targetRoot(to, source);
    const target = join(root, repositoryFolderName(repo));
    if (source === target) return { repo, from: source, to: target, bytes: 0 };
    const tree = await listTree(source, parts.signal);
    await refuseUnfinished(tree, repo);
    const staged = join(root, LOCKS_FOLDER, `haulyard-moving-${repositoryFolderName(repo)}`);
    const bytes = tree.files.reduce((sum, file) => sum + file.bytes, 0);
    const placement = { staged, target, source, inCache };
    if (await isPlaced(placement)) await leadTo(placement);
    else {
      await copy(repo, source, staged, tree, bytes, root, parts);
      await putInPlace(placement);
    }
    await keepChecks(tree, target, parts, ledger);
    return { repo, from: source, to: target, bytes };
  } finally {
    release();
  }
}

/**
 * The repository that is meant. A kill between the last two renames left it whole at its new place and without a name in the cache: it
 * gets its link here.
 */
async function repositoryToMove(reference: string, to: string, parts: EngineParts): Promise<string> {
  try {
    return (await installedTargets({ reference }, parts))[0].repo;
  } catch (error) {
    const named = parseReference(reference, parts.hub.endpoint);
    if (named.kind !== 'repo') throw error;
    const inCache = repositoryFolder(parts.cacheDir, named.repo);
    const moved = repositoryFolder(to, named.repo);
    const isMoved =
      (await lstatOrNull(inCache)) === null && (await lstatOrNull(moved))?.isDirectory() === true;
    if (!isMoved) throw error;
    await onDisk('linking', inCache, () => symlink(moved, inCache, 'dir'));
    return named.repo;
  }
}

/** The cache folder to move to, by its real path. Throws `BadRequest` for one inside of what is moved. */
async function targetRoot(to: string, source: string): Promise<string> {
  if (!isAbsolute(to)) throw new AppError('BadRequest', 'The folder to move to is named by its whole path.');
  if (`${to}${sep}`.startsWith(`${source}${sep}`)) {
    throw new AppError('BadRequest', `${to} is inside the model that is to be moved. Nothing was changed.`);
  }
  await prepareCacheRoot(to);
  return onDisk('reading', to, () => realpath(to));
}

/** What somebody may be at work on is not moved. */
async function refuseUnfinished({ files }: Tree, repo: string): Promise<void> {
  const unfinished = files.find(({ path }) => path.endsWith(INCOMPLETE_SUFFIX));
  if (unfinished === undefined) return;
  throw new AppError(
    'BadRequest',
    `${repo} has an unfinished file, ${unfinished.source}. Finish or remove it first. Nothing was changed.`,
    { details: { path: unfinished.source } },
  );
}

async function copy(
  repo: string,
  source: string,
  staged: string,
  tree: Tree,
  totalBytes: number,
  root: string,
  { hasher, signal, clock, events }: EngineParts,
): Promise<void> {
  await onDisk('making the folder', staged, () => mkdir(staged, { recursive: true }));
  const { symlinks } = await createVolumeProbes({ symlinksDisabled: false }).traits(root);
  await requireRoom(root, totalBytes - (await stagedBytes(staged, tree)));
  const startedMs = clock.monotonic();
  let toldMs = startedMs;
  const onProgress = (path: string, hashedBytes: number) => {
    const now = clock.monotonic();
    if (now - toldMs < TELL_MS) return;
    toldMs = now;
    const seconds = Math.floor((now - startedMs) / 1000);
    events.emit({ event: 'verifying', download: repo, path, seconds, hashedBytes, totalBytes });
  };
  await copyTree(source, staged, tree, { hasher, signal, symlinks, onProgress });
}

/** What an earlier attempt has copied already. */
async function stagedBytes(staged: string, { files }: Tree): Promise<number> {
  const sizes = await Promise.all(files.map(({ path }) => identifyFile(join(staged, path))));
  return sizes.reduce((sum, file) => sum + (file?.size ?? 0), 0);
}

/** The copies were hashed just now: nobody need do it again. */
async function keepChecks(
  { files }: Tree,
  target: string,
  { clock }: EngineParts,
  ledger: Ledger,
): Promise<void> {
  for (const { path, hash } of files) {
    const file = hash === null ? null : await identifyFile(join(target, path));
    if (file === null || hash === null) continue;
    ledger.checks.save(file.path, { identity: file.identity, hash, checkedAt: clock.now(), ok: true });
  }
}
