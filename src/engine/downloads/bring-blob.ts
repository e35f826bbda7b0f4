import { lstat, rm } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import type { RescueSource } from '../../shared/model/download.ts';
import { adoptBlob } from '../cache/adopt.ts';
import { copyPrefix } from '../cache/copy-prefix.ts';
import { findBlob, findElsewhere } from '../cache/find-blob.ts';
import { foreignPartials } from '../cache/foreign-partials.ts';
import { installBlob } from '../cache/install.ts';
import { blobPath, partialPath, repositoryFolder } from '../cache/layout.ts';
import { linkSnapshot } from '../cache/link-snapshot.ts';
import type { FileRow } from '../ledger/files.ts';
import { isWhole } from '../transfer/chunk-table.ts';
import { LocationCache } from '../transfer/location-cache.ts';
import type { StreamPool } from '../transfer/stream-pool.ts';
import { BlobJob } from './blob-job.ts';
import type { DownloadContext } from './context.ts';
import { untilAborted } from './keyed-mutex.ts';

/** One content, and the paths of the snapshot under which it appears. */
export interface BlobTask {
  readonly repo: string;
  readonly commit: string;
  readonly cacheDir: string;
  readonly files: readonly [FileRow, ...FileRow[]];
  readonly symlinks: boolean;
  readonly chunkBytes: number;
  /** A partial file that the user named. */
  readonly from: string | null;
  /** Bring it although a finished blob is there: that one is damaged. */
  readonly repair: boolean;
}

/** What a task tells the download it belongs to. */
export interface BlobTaskEvents {
  readonly onJob: (job: BlobJob) => void;
  readonly onRescued: (path: string, bytes: number, chunks: number, source: RescueSource) => void;
  readonly onRepaired: (path: string, chunk: number, bytes: number) => void;
  readonly onFetchedAgain: (bytes: number) => void;
  /** A finished copy from elsewhere is being hashed before it is believed. */
  readonly onAdoptionHashed: (path: string, hashedBytes: number, totalBytes: number) => void;
  readonly onInstalling: () => void;
  /** Every path of the task shows verified content. */
  readonly onInstalled: (files: readonly FileRow[]) => void;
}

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

/** A finished copy elsewhere is hashed before it is believed. */
async function adoptElsewhere(
  task: BlobTask,
  context: DownloadContext,
  events: BlobTaskEvents,
  signal: AbortSignal,
): Promise<boolean> {
  const { cacheDir, repo, files } = task;
  const [{ hash, size, path, algorithm }] = files;
  if (size === 0) return false;
  const cacheDirs = [cacheDir, ...context.knownCacheDirs];
  for (const source of await findElsewhere({ cacheDirs, hash, size, except: { cacheDir, repo }, signal })) {
    const tell = (hashedBytes: number) => events.onAdoptionHashed(path, hashedBytes, size);
    if ((await hashOf(source, size, algorithm, context, tell, signal)) !== hash) {
      context.log(
        'warn',
        `${source} does not have the content that its name says; it was left alone and not used.`,
      );
      continue;
    }
    await adoptBlob(source, blobPath(cacheDir, repo, hash), signal);
    events.onRescued(path, size, Math.ceil(size / task.chunkBytes), 'cache');
    return true;
  }
  return false;
}

async function hashOf(
  path: string,
  size: number,
  algorithm: FileRow['algorithm'],
  { hasher }: DownloadContext,
  tell: (hashedBytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const stream = hasher.openStream(algorithm, size);
  const stepBytes = 64 * 1024 * 1024;
  try {
    for (let start = 0; start < size; start += stepBytes) {
      signal.throwIfAborted();
      const end = Math.min(size, start + stepBytes);
      await stream.feed({ path, start, end });
      tell(end);
    }
  } catch (error) {
    stream.drop();
    throw error;
  }
  return stream.digest();
}

async function download(
  task: BlobTask,
  pool: StreamPool,
  context: DownloadContext,
  events: BlobTaskEvents,
  signal: AbortSignal,
): Promise<void> {
  const source = await rescuePrefix(task, context, signal);
  const job = await openJob(task, pool, context, events);
  events.onJob(job);
  tellRescued(job, source, events);
  try {
    job.start();
    pool.add(job);
    await untilAborted(job.finished, signal);
  } finally {
    await pool.remove(job);
    await context.checkpointer.flush();
    await job.close();
  }
  events.onInstalling();
  const { cacheDir, repo, files } = task;
  await installBlob({ cacheDir, repo, hash: files[0].hash, size: files[0].size });
  context.ledger.blobs.markVerified(job.blobId, context.clock.now(), true);
  await install(task, events);
}

/** Puts the best partial of another tool where ours will be, unless the ledger has a part of its own. */
async function rescuePrefix(
  task: BlobTask,
  context: DownloadContext,
  signal: AbortSignal,
): Promise<RescueSource> {
  const { cacheDir, repo, files } = task;
  const [{ hash, size, path }] = files;
  const folder = repositoryFolder(cacheDir, repo);
  const row = context.ledger.blobs.find(folder, hash);
  const target = partialPath(cacheDir, repo, hash);
  if (task.repair) {
    if (await isThere(target)) return 'ledger'; // An earlier repair was interrupted: it goes on.
    const damaged = await findBlob({ cacheDir, repo, hash, size, snapshot: { commit: task.commit, path } });
    if (damaged) await copyPrefix({ source: damaged, target, fileSize: size, signal });
    return 'ledger';
  }
  const known = row && row.size === size ? context.ledger.chunks.list(row.id) : [];
  if (known.length > 0 && task.from === null) return 'ledger';
  const source = task.from ?? (await bestForeign(task));
  if (source === null) return 'ledger';
  if (known.length > 0) {
    context.log('info', `${source} is not used: more of ${path} may be in the ledger already.`);
    return 'ledger';
  }
  await copyPrefix({ source, target, fileSize: size, signal });
  return 'partial';
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function bestForeign({ cacheDir, repo, files: [{ hash, size }] }: BlobTask): Promise<string | null> {
  const { usable } = await foreignPartials({ cacheDir, repo, hash, size });
  const [best] = [...usable].sort(
    (a, b) => Math.min(b.bytes, b.allocatedBytes) - Math.min(a.bytes, a.allocatedBytes),
  );
  return best?.path ?? null;
}

async function openJob(
  task: BlobTask,
  pool: StreamPool,
  context: DownloadContext,
  events: BlobTaskEvents,
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
  const spec = { path, hash, algorithm, size, row, partialPath: partialPath(cacheDir, repo, hash) };
  return BlobJob.open(
    { ...spec, chunks: ledger.chunks.list(row.id) },
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
