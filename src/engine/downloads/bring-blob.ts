import { rm } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import type { RescueSource } from '../../shared/model/download.ts';
import { findBlob } from '../cache/find-blob.ts';
import { installBlob } from '../cache/install.ts';
import { partialPath, repositoryFolder } from '../cache/layout.ts';
import { linkSnapshot } from '../cache/link-snapshot.ts';
import type { FileRow } from '../ledger/files.ts';
import { isWhole } from '../transfer/chunk-table.ts';
import { LocationCache } from '../transfer/location-cache.ts';
import type { StreamPool } from '../transfer/stream-pool.ts';
import { BlobJob } from './blob-job.ts';
import type { BlobTask, BlobTaskEvents } from './blob-task.ts';
import type { DownloadContext } from './context.ts';
import { untilAborted } from './keyed-mutex.ts';
import { adoptElsewhere, type Rescued, rescuePartial } from './rescue.ts';

/**
 * Brings one content to disk and under its names: found in this cache, adopted from another one, or downloaded on top of
 * whatever part of it can be rescued. When this settles, nothing of it is being worked on any more.
 */
export async function bringBlob(
  task: BlobTask,
  pool: StreamPool,
  context: DownloadContext,
  events: BlobTaskEvents,
  signal: AbortSignal,
): Promise<void> {
  const [{ hash }] = task.files;
  const release = await context.blobLocks.acquire(hash, signal);
  try {
    if (!task.repair && (await isPresent(task))) return await install(task, events);
    if (!task.repair && (await adoptElsewhere(task, context, events, signal)))
      return await install(task, events);
    await download(task, pool, context, events, signal);
  } finally {
    release();
  }
}

/** True when this cache has the content in full length. */
export async function isPresent({
  cacheDir,
  repo,
  commit,
  files: [file],
}: Pick<BlobTask, 'cacheDir' | 'repo' | 'commit' | 'files'>): Promise<boolean> {
  const { hash, size, path } = file;
  return (await findBlob({ cacheDir, repo, hash, size, snapshot: { commit, path } })) !== null;
}

async function download(
  task: BlobTask,
  pool: StreamPool,
  context: DownloadContext,
  events: BlobTaskEvents,
  signal: AbortSignal,
): Promise<void> {
  const rescued = await rescuePartial(task, context, signal);
  const job = await openJob(task, rescued, pool, context, events, signal);
  events.onJob(job);
  tellRescued(job, rescued.source, events);
  let isRight = false;
  try {
    job.start();
    pool.add(job);
    await untilAborted(job.finished, signal);
    isRight = true;
  } finally {
    await pool.remove(job);
    // Content that is right is synced when it is installed; what is broken off is made safe here.
    if (!isRight) await context.checkpointer.flush();
    await job.close();
  }
  events.onInstalling();
  const { cacheDir, repo, files } = task;
  context.ledger.transaction(() => context.ledger.chunks.save(job.blobId, job.takeChanges()));
  await installBlob({ cacheDir, repo, hash: files[0].hash, size: files[0].size });
  context.ledger.blobs.markVerified(job.blobId, context.clock.now(), true);
  await install(task, events);
}

async function openJob(
  task: BlobTask,
  { hasUnknownBytes }: Rescued,
  pool: StreamPool,
  context: DownloadContext,
  events: BlobTaskEvents,
  signal: AbortSignal,
): Promise<BlobJob> {
  const { cacheDir, repo, commit, files, chunkBytes } = task;
  const [{ path, hash, algorithm, size }] = files;
  const { ledger, hub, hasher, checkpointer, clock, log } = context;
  const folder = repositoryFolder(cacheDir, repo);
  const row = ledger.blobs.ensure({ folder, hash, algorithm, size, chunkBytes });
  const locate = async (signal: AbortSignal) => {
    const location = await hub.locate({ repo, commit, path }, signal);
    requireSameContent(location, files[0]);
    return location;
  };
  const chunks = ledger.chunks.list(row.id);
  const spec = {
    path,
    hash,
    algorithm,
    size,
    row,
    chunks,
    hasUnknownBytes,
    partialPath: partialPath(cacheDir, repo, hash),
  };
  return BlobJob.open(
    spec,
    {
      hasher,
      checkpointer,
      location: new LocationCache(locate, clock.now),
      saveRows: (blobId, rows) => ledger.transaction(() => ledger.chunks.save(blobId, rows)),
      now: clock.monotonic,
      log,
      onWork: () => pool.pump(),
      onRepaired: (chunk, bytes) => events.onRepaired(path, chunk, bytes),
      onFetchedAgain: events.onFetchedAgain,
    },
    signal,
  );
}

/** Size and hash are compared again each time the URL is renewed: the path may have another content by then. */
function requireSameContent(location: { size: number | null; hash: string | null }, file: FileRow): void {
  const { size, hash } = location;
  if ((size === null || size === file.size) && (hash === null || hash === file.hash)) return;
  throw new AppError(
    'ChangedUpstream',
    `The Hub now has another content for ${file.path} at the same commit. What is downloaded was kept. ` +
      'Cancel this download and start it again if you trust the change.',
    { details: { expected: file.hash } },
  );
}

function tellRescued(job: BlobJob, source: RescueSource, events: BlobTaskEvents): void {
  const bytes = job.table.receivedBytes;
  if (bytes > 0) events.onRescued(job.path, bytes, job.table.chunks.filter(isWhole).length, source);
}

/** Shows the content under every path of the task. */
async function install(task: BlobTask, events: BlobTaskEvents): Promise<void> {
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
async function removeStalePartial({ cacheDir, repo, files: [{ hash }] }: BlobTask): Promise<void> {
  await rm(partialPath(cacheDir, repo, hash), { force: true });
}
