import type { RescueSource } from '../../shared/model/download.ts';
import type { Judgement } from '../../shared/model/judgement.ts';
import { findBlob } from '../cache/find-blob.ts';
import { installBlob } from '../cache/install.ts';
import { blobPath, partialPath } from '../cache/layout.ts';
import { untilAborted } from '../coordination/keyed-mutex.ts';
import { type Chunk, isWhole } from '../transfer/chunk-table.ts';
import type { TransferScheduler } from '../transfer/scheduler.ts';
import type { ContentJob } from './content-job.ts';
import type { ContentTask, ContentTaskEvents } from './content-task.ts';
import type { DownloadContext } from './context.ts';
import { openContentJob } from './open-content-job.ts';
import { adoptElsewhere, rescuePartial } from './rescue/rescue.ts';
import { type ReuseDeps, reuseChunks } from './reuse/reuse-chunks.ts';
import { showContent } from './show-content.ts';
import { checkDeps } from './verification/check-deps.ts';
import { checkFile, type PassedCheck } from './verification/check-file.ts';

/**
 * Brings one content to disk and under its names: found in this cache, adopted from another one, or downloaded on top
 * of whatever part of it can be rescued. Existing bytes are hashed unless a record shows that they were; damaged bytes
 * are repaired. When this settles, all work on the content has ended.
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
  events.onLocalWork(true);
  try {
    const found = task.repair ? null : await findContent(task);
    if (found !== null) {
      const right = await checkFile(found, task.files[0], checkDeps(task, context, events), signal);
      if (right) return await showContent(task, found, right, context, events, signal);
      context.log('warn', `${found} doesn’t match the checksum in its name; it is repaired.`);
    }
    const repairing = { ...task, repair: task.repair || found !== null };
    const adopted = task.repair ? null : await adoptElsewhere(task, context, events, signal);
    const passed = adopted ?? (await downloadAlone(repairing, pool, context, events, signal));
    const blob = blobPath(task.cacheDir, task.repo, hash);
    await showContent(task, blob, passed, context, events, signal);
  } finally {
    events.onLocalWork(false);
    release();
  }
}

/** One download at a time fetches a content. The others are told which one. */
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

/** Returns the blob if this cache has the content in full length; does not check its bytes. */
export async function findContent({
  cacheDir,
  repo,
  commit,
  files,
}: Pick<ContentTask, 'cacheDir' | 'repo' | 'commit' | 'files'>): Promise<string | null> {
  for (const { hash, size, path } of files) {
    const found = await findBlob({ cacheDir, repo, hash, size, snapshot: { commit, path } });
    if (found !== null) return found;
  }
  return null;
}

/** The partial belongs to one download at a time. */
async function downloadAlone(
  task: ContentTask,
  pool: TransferScheduler,
  context: DownloadContext,
  events: ContentTaskEvents,
  signal: AbortSignal,
): Promise<PassedCheck> {
  const { cacheDir, repo, files } = task;
  const release = await context.blobLocks.acquire(partialPath(cacheDir, repo, files[0].hash), signal);
  try {
    return await download(task, pool, context, events, signal);
  } finally {
    release();
  }
}

async function download(
  task: ContentTask,
  pool: TransferScheduler,
  context: DownloadContext,
  events: ContentTaskEvents,
  signal: AbortSignal,
): Promise<PassedCheck> {
  const rescued = await rescuePartial(task, context, signal);
  const [{ path }] = task.files;
  const jobEvents = {
    transfer: pool,
    onRepaired: (chunk: number, bytes: number) => events.onRepaired(path, chunk, bytes),
    onFetchedAgain: events.onFetchedAgain,
    onJudged: (judgement: Judgement) => events.onJudged(path, judgement),
  };
  const { job, openXetClient } = await openContentJob(task, rescued, context, jobEvents, signal);
  events.onJob(job);
  reportRescued(job, rescued.source, events);
  const { checkpointer, ledger } = context;
  try {
    if (task.from !== null) await keepTaken(job, context, events, signal);
    if (!task.repair) await reuse({ task, job, context, openXetClient }, events, signal);
    const onBytes = (bytes: number) => events.onChecking(path, bytes, job.size);
    await job.judge(onBytes, signal);
    job.start();
    pool.add(job);
    events.onLocalWork(false);
    await untilAborted(job.finished, signal);
    events.onLocalWork(true);
    await pool.remove(job);
    const rows = await checkpointer.release(job);
    await job.sync();
    ledger.transaction(() => ledger.chunks.save(job.blobId, rows));
  } catch (error) {
    await pool.remove(job);
    // What was interrupted is made durable now. A disk that cannot be read leaves some of it unchecked.
    await job.checkRest().catch(() => undefined);
    await checkpointer.flush();
    throw error;
  } finally {
    await job.close();
  }
  events.onInstalling();
  const { cacheDir, repo, files } = task;
  await installBlob({ cacheDir, repo, hash: files[0].hash, size: files[0].size });
  return { check: 'hashed', checkedAtMs: context.clock.now() };
}

function reportRescued(job: ContentJob, source: RescueSource, { onRescued }: ContentTaskEvents): void {
  const { path, table, rescue } = job;
  const whole = table.chunks.filter(isWhole);
  const bytes = table.receivedBytes - rescue.mergedBytes;
  const isMerged = ({ index }: Chunk) => rescue.mergedBytes > 0 && rescue.chunks.has(index);
  const merged = whole.filter(isMerged).length;
  if (bytes > 0) onRescued(path, bytes, whole.length - merged, source);
  if (rescue.mergedBytes > 0) onRescued(path, rescue.mergedBytes, merged, 'partial');
}

/** Bytes shared with other files of the cache need not be fetched. */
async function reuse(deps: ReuseDeps, { onRescued }: ContentTaskEvents, signal: AbortSignal): Promise<void> {
  const { path, table } = deps.job;
  const before = table.chunks.filter(isWhole).length;
  const bytes = await reuseChunks(deps, signal);
  if (bytes > 0) onRescued(path, bytes, table.chunks.filter(isWhole).length - before, 'similar');
}

/**
 * A partial is adopted once: what the user does with it afterwards does not matter, and bad bytes in it have been
 * discarded.
 */
async function keepTaken(
  job: ContentJob,
  { checkpointer }: DownloadContext,
  events: ContentTaskEvents,
  signal: AbortSignal,
): Promise<void> {
  checkpointer.add(job);
  // A failed checkpoint is reported through the job.
  await untilAborted(Promise.race([job.finished, checkpointer.flush()]), signal);
  events.onPartialTaken();
}
