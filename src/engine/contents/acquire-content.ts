import { rm } from 'node:fs/promises';
import type { RescueSource } from '../../shared/model/download.ts';
import { findBlob } from '../cache/find-blob.ts';
import { installBlob } from '../cache/install.ts';
import { partialPath } from '../cache/layout.ts';
import { linkSnapshot } from '../cache/link-snapshot.ts';
import { untilAborted } from '../coordination/keyed-mutex.ts';
import { type Chunk, isWhole } from '../transfer/chunk-table.ts';
import type { TransferScheduler } from '../transfer/scheduler.ts';
import type { ContentJob } from './content-job.ts';
import type { ContentTask, ContentTaskEvents } from './content-task.ts';
import type { DownloadContext } from './context.ts';
import { openContentJob } from './open-content-job.ts';
import { adoptElsewhere, rememberRight, rescuePartial } from './rescue/rescue.ts';

/**
 * Brings one content to disk and under its names: found in this cache, adopted from another one, or downloaded on top of
 * whatever part of it can be rescued. When this settles, nothing of it is being worked on any more.
 */
export async function acquireContent(
  task: ContentTask,
  pool: TransferScheduler,
  context: DownloadContext,
  events: ContentTaskEvents,
  signal: AbortSignal,
): Promise<void> {
  const [{ hash }] = task.files;
  const release = await lock(hash, task.download, context, events, signal);
  try {
    if (!task.repair && (await isPresent(task))) return await install(task, events);
    if (!task.repair && (await adoptElsewhere(task, context, events, signal)))
      return await install(task, events);
    const { cacheDir, repo } = task;
    const releasePartial = await context.blobLocks.acquire(partialPath(cacheDir, repo, hash), signal);
    try {
      await download(task, pool, context, events, signal);
    } finally {
      releasePartial();
    }
  } finally {
    release();
  }
}

/** One download at a time brings a content. The others are told who does. */
async function lock(
  hash: string,
  download: string,
  { blobLocks }: DownloadContext,
  { onBlocked }: ContentTaskEvents,
  signal: AbortSignal,
): Promise<() => void> {
  onBlocked(blobLocks.holderOf(hash) ?? null);
  try {
    return await blobLocks.acquire(hash, signal, download);
  } finally {
    onBlocked(null);
  }
}

/** True when this cache has the content in full length. */
export async function isPresent({
  cacheDir,
  repo,
  commit,
  files: [file],
}: Pick<ContentTask, 'cacheDir' | 'repo' | 'commit' | 'files'>): Promise<boolean> {
  const { hash, size, path } = file;
  return (await findBlob({ cacheDir, repo, hash, size, snapshot: { commit, path } })) !== null;
}

async function download(
  task: ContentTask,
  pool: TransferScheduler,
  context: DownloadContext,
  events: ContentTaskEvents,
  signal: AbortSignal,
): Promise<void> {
  const rescued = await rescuePartial(task, context, signal);
  const [{ path }] = task.files;
  const jobEvents = {
    onWork: () => pool.pump(),
    onRepaired: (chunk: number, bytes: number) => events.onRepaired(path, chunk, bytes),
    onFetchedAgain: events.onFetchedAgain,
  };
  const job = await openContentJob(task, rescued, context, jobEvents, signal);
  events.onJob(job);
  tellRescued(job, rescued.source, events);
  const { checkpointer, ledger } = context;
  try {
    if (task.from !== null) await keepTaken(job, context, events, signal);
    job.start();
    pool.add(job);
    await untilAborted(job.finished, signal);
    await pool.remove(job);
    const rows = await checkpointer.release(job);
    await job.sync();
    ledger.transaction(() => ledger.chunks.save(job.blobId, rows));
  } catch (error) {
    await pool.remove(job);
    // What is broken off is made safe here.
    await checkpointer.flush();
    throw error;
  } finally {
    await job.close();
  }
  events.onInstalling();
  const { cacheDir, repo, files } = task;
  await installBlob({ cacheDir, repo, hash: files[0].hash, size: files[0].size });
  rememberRight(task, context);
  await install(task, events);
}

function tellRescued(job: ContentJob, source: RescueSource, { onRescued }: ContentTaskEvents): void {
  const { path, table, rescue } = job;
  const whole = table.chunks.filter(isWhole);
  const bytes = table.receivedBytes - rescue.mergedBytes;
  const isMerged = ({ index }: Chunk) => rescue.mergedBytes > 0 && rescue.chunks.has(index);
  const merged = whole.filter(isMerged).length;
  if (bytes > 0) onRescued(path, bytes, whole.length - merged, source);
  if (rescue.mergedBytes > 0) onRescued(path, rescue.mergedBytes, merged, 'partial');
}

/** A partial is taken over once: what the user does with it afterwards is of no concern, and what was bad in it is gone. */
async function keepTaken(
  job: ContentJob,
  { checkpointer }: DownloadContext,
  events: ContentTaskEvents,
  signal: AbortSignal,
): Promise<void> {
  checkpointer.add(job);
  // A checkpoint that fails is told through the job.
  await untilAborted(Promise.race([job.finished, checkpointer.flush()]), signal);
  events.onPartialTaken();
}

/** Shows the content under every path of the task. */
async function install(task: ContentTask, events: ContentTaskEvents): Promise<void> {
  const { cacheDir, repo, commit, files, symlinks } = task;
  let source: string | undefined;
  for (const [index, { path, hash }] of files.entries()) {
    const keepBlob = index < files.length - 1;
    const shown = await linkSnapshot({
      cacheDir,
      repo,
      commit,
      path,
      hash,
      symlinks,
      keepBlob,
      ...(source ? { source } : {}),
    });
    if (!symlinks) source = shown;
  }
  await removeStalePartial(task);
  events.onInstalled(files);
}

/** Once the blob is there, an older partial of ours is of no use. */
async function removeStalePartial({ cacheDir, repo, files: [{ hash }] }: ContentTask): Promise<void> {
  await rm(partialPath(cacheDir, repo, hash), { force: true });
}
