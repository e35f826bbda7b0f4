import { stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import { PARTIAL_SUFFIX, repositoryFolder } from '../../cache/layout.ts';
import { prepareRepository } from '../../cache/prepare.ts';
import type { DownloadContext } from '../../contents/context.ts';
import { openContentJob } from '../../contents/open-content-job.ts';
import { rescuePartial } from '../../contents/rescue/rescue.ts';
import { NO_PEERS } from '../../sources/peer/peers.ts';
import { isWhole } from '../../transfer/chunk-table.ts';
import type { Download } from '../download.ts';
import { ledgerProgress } from '../file-progress.ts';
import { chunkBytesOf } from '../plan-tasks.ts';
import type { TrackedFile } from '../tracked-file.ts';
import { chooseAdoptingFile } from './choose-adopting-file.ts';

/** Another download may be fetching the same content; the wait for it is bounded. */
const LOCK_MS = 5000;
const NOTHING_MOVES = { add: () => {}, remove: async () => {}, pump: () => {} };
const NOBODY = {
  transfer: NOTHING_MOVES,
  onRepaired: () => {},
  onFetchedAgain: () => {},
  onJudged: () => {},
};

/**
 * Finds which file of the download a partial named by the user belongs to. Throws `BadRequest` when the download cannot
 * use it.
 */
export async function fileForPartial(
  download: Download,
  partial: string,
  named: string | undefined,
): Promise<TrackedFile> {
  const { row, files, state } = download;
  if (state === 'ready') throw refuse(`The download of ${row.repo} is finished.`);
  if (row.commit === null || files.length === 0) {
    throw refuse(`The files of ${row.repo} aren’t known yet. Try again once the download has begun.`);
  }
  const bytes = await sizeOfPartial(partial);
  const choices = files.map((tracked) => ({ ...tracked.row, tracked }));
  return chooseAdoptingFile(choices, { path: partial, bytes }, named).tracked;
}

async function sizeOfPartial(path: string): Promise<number> {
  if (!isAbsolute(path)) throw refuse(`${path} is not an absolute path.`);
  const name = basename(path);
  if (name.endsWith(PARTIAL_SUFFIX)) {
    throw refuse(`${name} is an unfinished file of Haulyard itself. Its download uses it anyway.`);
  }
  if (/\.aria2$/i.test(name)) {
    throw refuse(`${name} has aria2’s notes and no data. Choose the file beside it without that ending.`);
  }
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === 'ENOENT' ? `${path} does not exist.` : `${path} cannot be read.`);
  });
  if (there.isDirectory()) throw refuse(`${path} is a folder. Choose the file in it.`);
  if (!there.isFile()) throw refuse(`${path} is not a regular file.`);
  if (there.size === 0) throw refuse(`${path} is empty.`);
  return there.size;
}

/**
 * Copies what a partial has and ours lacks, and makes it durable. The download must not be running. Returns the number
 * of bytes. The partial is only read.
 */
export async function adoptPartial(
  download: Download,
  { row: file }: TrackedFile,
  partial: string,
  context: DownloadContext,
  signal: AbortSignal,
): Promise<number> {
  const release = await lock(file.hash, context, signal);
  try {
    const adopted = await takeOver(download, file, partial, context, signal);
    const { cacheDir, repo } = download.row;
    const folder = repositoryFolder(cacheDir, repo);
    const known = ledgerProgress(context.ledger, folder, file, chunkBytesOf(download));
    for (const each of download.files) if (each.row.hash === file.hash) each.follow(() => known);
    if (adopted.bytes > 0) {
      download.countRescued(adopted.bytes);
      context.ledger.downloads.setCounters(download.id, download.currentCounters());
      context.emit({
        event: 'rescued',
        download: download.id,
        path: file.path,
        ...adopted,
        fileBytes: file.size,
        source: 'partial',
      });
    }
    context.emit(download.progress());
    return adopted.bytes;
  } finally {
    release();
  }
}

async function takeOver(
  download: Download,
  file: TrackedFile['row'],
  from: string,
  context: DownloadContext,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly chunks: number }> {
  const { cacheDir, repo, commit } = download.row;
  await prepareRepository({ cacheDir, repo });
  const task = {
    download: download.id,
    repo,
    commit: commit ?? '',
    cacheDir,
    files: [file] as const,
    symlinks: true, // Unused: nothing is installed.
    chunkBytes: chunkBytesOf(download),
    transport: 'auto' as const, // Unused: nothing is fetched.
    peers: NO_PEERS,
    from,
    repair: false,
  };
  const rescued = await rescuePartial(task, context, signal);
  const { job } = await openContentJob(task, rescued, context, NOBODY, signal);
  try {
    context.checkpointer.add(job);
    // A failed checkpoint is reported through the job.
    await Promise.race([job.finished, context.checkpointer.flush()]);
    const bytes = rescued.source === 'partial' ? job.table.receivedBytes : job.rescue.mergedBytes;
    const chunks = job.table.chunks.filter(
      (chunk) => isWhole(chunk) && job.rescue.chunks.has(chunk.index),
    ).length;
    return { bytes, chunks };
  } finally {
    await job.close();
  }
}

async function lock(hash: string, { blobLocks }: DownloadContext, signal: AbortSignal): Promise<() => void> {
  try {
    return await blobLocks.acquire(hash, AbortSignal.any([signal, AbortSignal.timeout(LOCK_MS)]));
  } catch {
    signal.throwIfAborted();
    throw refuse('Another download is downloading the same file. Pause it first.');
  }
}

function refuse(message: string): AppError {
  return new AppError('BadRequest', `${message} Nothing was changed.`);
}
