import type { AppError } from '../../shared/contract/errors.ts';
import type { CatalogVariant } from '../../shared/model/catalog.ts';
import { repositoryFolder } from '../cache/layout.ts';
import { localFolderOf } from '../cache/local-folder.ts';
import { hideNotes } from '../cache/local-notes.ts';
import { prepareRepository } from '../cache/prepare.ts';
import type { VolumeTraits } from '../cache/probes.ts';
import { writeRef } from '../cache/refs.ts';
import { requireWritableFolders } from '../cache/writable-folders.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import { type AcquireOptions, acquireContents } from './acquire-contents.ts';
import { completeList } from './complete-list.ts';
import type { Download } from './download.ts';
import { emitDone, emitResolved } from './download-events.ts';
import { lostCommit } from './lost-commit.ts';
import { peerChoice } from './peer-choice.ts';
import { planTasks, remainingBytes, trackFiles } from './plan-tasks.ts';
import { filterOf, resolveFiles } from './resolve-files.ts';
import { isShown } from './resolve-locally.ts';
import { passesFilter } from './selection.ts';
import { weightWarnings } from './weight-warnings.ts';

/** Inputs of one run of a download besides its row. */
export interface RunOptions extends AcquireOptions {
  /** The catalog's variant, if the download came from the catalog. */
  readonly variant: CatalogVariant | null;
  /** Contents that must be downloaded although finished blobs exist. */
  readonly repairHashes: ReadonlySet<string>;
  /** Called when the files are known; until the transfer begins, the disk is checked for existing bytes. */
  readonly onResolved: () => void;
  /** Called when the Hub cannot be reached; `untilMs` (since the epoch) is when it is retried. */
  readonly onHubWait: (error: AppError, attempt: number, untilMs: number) => void;
}

/**
 * Runs a download from its current point to `ready`: pin, check the disk, rescue, fetch, verify, install. Rejects with
 * the reason of `signal`, or with an error that waiting inside this function cannot fix.
 */
export async function runDownload(
  download: Download,
  options: RunOptions,
  context: DownloadContext,
  signal: AbortSignal,
): Promise<void> {
  const { cacheDir, repo } = download.row;
  options.enter('resolving');
  const release = await context.leases.acquire(repositoryFolder(cacheDir, repo), 'shared', signal);
  try {
    await runUnderLease(download, options, context, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw await lostCommit(error, download.row, context, signal);
  } finally {
    release();
  }
}

/** `isCompleted` is true after the list was completed from the tree, which is done once. */
async function runUnderLease(
  download: Download,
  options: RunOptions,
  context: DownloadContext,
  signal: AbortSignal,
  isCompleted = false,
): Promise<void> {
  const { repo, revision, cacheDir, options: wish } = download.row;
  const { traits, problem } = await prepared(cacheDir, repo, context);
  const { symlinks, caseInsensitive } = traits;
  const fileWish = { ...wish, repo, revision, variant: options.variant };
  const { commit, files, asOf } = await resolveFiles(
    download,
    fileWish,
    caseInsensitive,
    context,
    signal,
    options.onHubWait,
  );
  options.onResolved();
  const peers = peerChoice(wish, context.ledger.settings.get());
  const tasks = planTasks(download, { commit, files, symlinks, repairHashes: options.repairHashes, peers });
  const { files: tracked, presentBytes } = await trackFiles(download, files, tasks, context);
  download.track(tracked);
  download.countReused();
  // There may be less on disk than before: that is reported before bytes move.
  options.enter('resolving');
  context.emit(download.progress());
  emitResolved(download, commit, presentBytes, context);
  const isThere = await areShown(download, commit, options.repairHashes);
  if (problem !== null && !isThere) throw problem;
  if (!isThere) {
    await requireWritableFolders({ cacheDir, repo, commit, revision, paths: files.map(({ path }) => path) });
  }
  const remaining = () => remainingBytes(download);
  const giveBack = await context.diskBudget.claim(download.id, cacheDir, remaining);
  try {
    options.enter(remaining() > 0 ? 'downloading' : 'verifying');
    const hashes = remaining() > 0 ? tasks.map(({ files: [{ hash }] }) => hash) : [];
    const release = await context.peers.ask(hashes, peers, signal);
    try {
      await acquireContents(download, tasks, options, context, signal);
    } finally {
      release();
    }
  } finally {
    giveBack();
  }
  const isWanted = passesFilter(filterOf(fileWish));
  const finished = { cacheDir, repo, commit, files, isWanted };
  const mayAsk = asOf === null && !isCompleted;
  if (mayAsk && (await completeList(download, fileWish, finished, context, signal))) {
    return runUnderLease(download, options, context, signal, true);
  }
  // A cache that is read-only may lack the ref as well.
  await writeRef(cacheDir, repo, revision, commit).catch((error) => {
    if (problem === null) throw error;
  });
  download.countAfterLastByte();
  context.ledger.downloads.setCounters(download.id, download.currentCounters());
  const warnings = await weightWarnings(finished);
  for (const warning of warnings) context.log('warn', warning);
  options.enter('ready');
  emitDone(download, commit, { asOf, warnings }, context);
}

/** Where links cannot be tested they are not needed either. */
const UNTRIED: VolumeTraits = { symlinks: true, caseInsensitive: false };

/**
 * A cache that is read-only, or full, may have all of it already: what prevents writing is reported when it matters.
 */
async function prepared(
  cacheDir: string,
  repo: string,
  { probes }: DownloadContext,
): Promise<{ readonly traits: VolumeTraits; readonly problem: AppError | null }> {
  try {
    await prepareRepository({ cacheDir, repo });
    const traits = await probes.traits(cacheDir);
    const local = localFolderOf(cacheDir);
    if (local === null) return { traits, problem: null };
    await hideNotes(local);
    return { traits: { ...traits, symlinks: false }, problem: null };
  } catch (error) {
    const problem = classify(error, { disk: cacheDir });
    if (problem.code !== 'DiskPermission' && problem.code !== 'DiskFull') throw problem;
    return { traits: UNTRIED, problem };
  }
}

async function areShown(
  { row: { repo, cacheDir }, files }: Download,
  commit: string,
  repairHashes: ReadonlySet<string>,
): Promise<boolean> {
  if (files.length === 0 || files.some(({ row }) => repairHashes.has(row.hash))) return false;
  for (const { row } of files) if (!(await isShown({ repo, cacheDir, commit }, row))) return false;
  return true;
}
