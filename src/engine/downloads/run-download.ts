import type { AppError } from '../../shared/contract/errors.ts';
import type { EventBody } from '../../shared/contract/events.ts';
import type { CatalogVariant } from '../../shared/model/catalog.ts';
import type { DownloadState } from '../../shared/model/download.ts';
import { blobPath, repositoryFolder, snapshotFolder } from '../cache/layout.ts';
import { prepareRepository } from '../cache/prepare.ts';
import { writeRef } from '../cache/refs.ts';
import { classify } from '../http/classify.ts';
import type { FileRow } from '../ledger/files.ts';
import { DEFAULT_CHUNK_BYTES, planChunks } from '../transfer/chunk-plan.ts';
import { StreamPool } from '../transfer/stream-pool.ts';
import type { BlobJob } from './blob-job.ts';
import { type BlobTask, bringBlob, isPresent } from './bring-blob.ts';
import type { DownloadContext } from './context.ts';
import { requireRoom } from './disk-guard.ts';
import type { Download, Wait } from './download.ts';
import { ledgerProgress, wholeOrNothing } from './file-progress.ts';
import { resolveFiles } from './resolve-files.ts';
import { waitReasonOf } from './wait-reason.ts';

/** Contents that are open at the same time: enough to hide the latency of small files, few enough in file handles. */
const OPEN_BLOBS = 12;

/** What one run of a download needs to know besides its row. */
export interface RunOptions {
  readonly variant: CatalogVariant | null;
  /** Contents that must be brought although finished blobs are there. */
  readonly repairHashes: ReadonlySet<string>;
  readonly enter: (state: DownloadState, reason?: string | null) => void;
  readonly showWait: (wait: Wait) => void;
}

/** One run of a download, as its owner sees it while it lasts. */
export interface Run {
  readonly pool: StreamPool;
  readonly jobs: ReadonlySet<BlobJob>;
}

/**
 * Runs a download from where it is to `ready`: pin, look what is here, rescue, fetch, verify, install. Rejects with the
 * reason of `signal`, or with what no waiting inside this function can mend.
 */
export async function runDownload(
  download: Download,
  options: RunOptions,
  context: DownloadContext,
  signal: AbortSignal,
  onRun: (run: Run) => void,
): Promise<void> {
  const { repo, cacheDir } = download.row;
  options.enter('resolving');
  await prepareRepository({ cacheDir, repo });
  const traits = await context.probes.traits(cacheDir);
  const { commit, files } = await resolve(download, options, traits.caseInsensitive, context, signal);
  const tasks = planTasks(download, commit, files, traits.symlinks, options);
  const presentBytes = await trackFiles(download, files, tasks, context);
  tellResolved(download, commit, files, presentBytes, context);
  await requireRoom(cacheDir, remainingBytes(download));
  options.enter('downloading');
  await bringAll(download, tasks, options, context, signal, onRun);
  await writeRef(cacheDir, repo, download.row.revision, commit);
  tellDone(download, commit, files, options, context);
}

function resolve(
  download: Download,
  { variant, showWait }: RunOptions,
  caseInsensitive: boolean,
  context: DownloadContext,
  signal: AbortSignal,
) {
  const { repo, revision, options } = download.row;
  const { include, exclude, acceptChanged } = options;
  const wish = { repo, revision, include, exclude, acceptChanged, variant };
  return resolveFiles(download, wish, caseInsensitive, context, signal, (error, attempt, untilMs) => {
    const delayMs = Math.max(0, untilMs - context.clock.now());
    const { code, message } = error;
    download.counters.retries += 1;
    context.emit({
      event: 'retry',
      download: download.id,
      path: '',
      chunk: 0,
      attempt,
      code,
      message,
      delayMs,
    });
    showWait({ reason: waitReasonOf(error), message, retryAtMs: untilMs });
  });
}

/** One task a content: several paths of a repository may have the same one. Small ones first. */
function planTasks(
  download: Download,
  commit: string,
  files: readonly FileRow[],
  symlinks: boolean,
  { repairHashes }: RunOptions,
): BlobTask[] {
  const byHash = new Map<string, [FileRow, ...FileRow[]]>();
  for (const file of files) {
    const same = byHash.get(file.hash);
    if (same) same.push(file);
    else byHash.set(file.hash, [file]);
  }
  const { repo, cacheDir, options } = download.row;
  const chunkBytes = options.chunkSizeBytes ?? DEFAULT_CHUNK_BYTES;
  return [...byHash.values()]
    .sort(([a], [b]) => a.size - b.size)
    .map((same) => ({
      repo,
      commit,
      cacheDir,
      files: same,
      symlinks,
      chunkBytes,
      from: same.map(({ path }) => options.from[path]).find((from) => from !== undefined) ?? null,
      repair: repairHashes.has(same[0].hash),
    }));
}

/** Sets up the numbers of every file; returns the bytes that are in the cache already. */
async function trackFiles(
  download: Download,
  files: readonly FileRow[],
  tasks: readonly BlobTask[],
  { ledger }: DownloadContext,
): Promise<number> {
  const folder = repositoryFolder(download.row.cacheDir, download.row.repo);
  const present = new Set<string>();
  for (const task of tasks) if (!task.repair && (await isPresent(task))) present.add(task.files[0].hash);
  const chunkBytes = download.row.options.chunkSizeBytes ?? DEFAULT_CHUNK_BYTES;
  download.files = files.map((row) => {
    const here = present.has(row.hash);
    const known = here
      ? wholeOrNothing(row.size, chunkBytes, true)
      : ledgerProgress(ledger, folder, row, chunkBytes);
    return { row: { ...row, installed: here }, progress: () => known };
  });
  return files.reduce((sum, { hash, size }) => sum + (present.has(hash) ? size : 0), 0);
}

/** Every content once, however many paths show it. */
function remainingBytes(download: Download): number {
  const remaining = new Map(
    download.files.map(({ row, progress }) => [row.hash, row.size - progress().receivedBytes]),
  );
  return [...remaining.values()].reduce((sum, bytes) => sum + bytes, 0);
}

async function bringAll(
  download: Download,
  tasks: readonly BlobTask[],
  options: RunOptions,
  context: DownloadContext,
  signal: AbortSignal,
  onRun: (run: Run) => void,
): Promise<void> {
  const failure = new AbortController();
  const both = AbortSignal.any([signal, failure.signal]);
  const pool = openPool(download, context, (error) => failure.abort(error));
  const jobs = new Set<BlobJob>();
  onRun({ pool, jobs });
  const queue = tasks.values();
  const lane = async () => {
    for (const task of queue) await bringOne(task, download, pool, jobs, options, context, both);
  };
  const lanes = Array.from({ length: OPEN_BLOBS }, () => lane().catch((error) => failure.abort(error)));
  try {
    await Promise.all(lanes);
    signal.throwIfAborted();
    if (failure.signal.aborted) throw classify(failure.signal.reason);
    rememberStreams(download, pool, context);
  } finally {
    await pool.stop();
    download.streams = 0;
  }
}

function openPool(
  download: Download,
  context: DownloadContext,
  onFatal: (error: AppError) => void,
): StreamPool {
  const { dispatcher, userAgent, hub, gates, clock, checkpointer, limiter, ledger, emit } = context;
  const { options } = download.row;
  return new StreamPool(
    {
      dispatcher,
      userAgent,
      hubHost: hub.endpoint.host,
      authorizationFor: (url) => hub.authorizationFor(url),
      gates,
      now: clock.monotonic,
      hold: (bytes) => either(checkpointer.hold(), limiter.take(bytes)),
      onArrived: (bytes, unwanted) => {
        download.received(bytes);
        download.counters.wastedBytes += unwanted;
      },
      onRetry: ({ source, chunk, attempt, delayMs, error: { code, message } }) => {
        download.counters.retries += 1;
        emit({
          event: 'retry',
          download: download.id,
          path: source.path,
          chunk,
          attempt,
          code,
          message,
          delayMs,
        });
      },
      onFatal,
    },
    {
      profile: options.profile ?? ledger.settings.get().profile,
      workers: options.workers,
      remembered: ledger.hosts.streams(hub.endpoint.host),
    },
  );
}

/** Both waits, where there are any. */
function either(a: Promise<void> | undefined, b: Promise<void> | undefined): Promise<void> | undefined {
  return a && b ? Promise.all([a, b]).then(() => undefined) : (a ?? b);
}

/** So much must have come before the number of streams says something about a host. */
const TELLING_BYTES = 100_000_000;

function rememberStreams(
  download: Download,
  pool: StreamPool,
  { ledger, hub, clock }: DownloadContext,
): void {
  if (download.throughput.totalBytes < TELLING_BYTES || !pool.isMeasuring) return;
  ledger.hosts.remember(hub.endpoint.host, pool.wantedStreams, clock.now());
}

async function bringOne(
  task: BlobTask,
  download: Download,
  pool: StreamPool,
  jobs: Set<BlobJob>,
  options: RunOptions,
  context: DownloadContext,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { id, counters } = download;
  const tracked = download.files.filter(({ row }) => row.hash === task.files[0].hash);
  let open: BlobJob | null = null;
  try {
    await bringBlob(
      task,
      pool,
      context,
      {
        onJob: (job) => {
          open = job;
          jobs.add(job);
          for (const file of tracked) file.progress = () => jobProgress(job);
        },
        onRescued: (path, bytes, chunks, source) => {
          counters.rescuedBytes += bytes;
          context.emit({ event: 'rescued', download: id, path, bytes, chunks, source });
        },
        onRepaired: (path, chunk, bytes) =>
          context.emit({ event: 'repaired', download: id, path, chunk, bytes }),
        onFetchedAgain: (bytes) => {
          counters.wastedBytes += bytes;
        },
        onInstalling: () => {
          if (jobs.size === 1) options.enter('installing');
        },
        onInstalled: () => {
          for (const file of tracked) markInstalled(download, file, context);
        },
      },
      signal,
    );
  } finally {
    if (open) freeze(tracked, open, jobs);
  }
}

/** A job that ended keeps its last numbers. */
function freeze(tracked: Download['files'], job: BlobJob, jobs: Set<BlobJob>): void {
  jobs.delete(job);
  const last = jobProgress(job);
  for (const file of tracked) if (!file.row.installed) file.progress = () => last;
}

function jobProgress(job: BlobJob) {
  return {
    receivedBytes: job.table.receivedBytes,
    verifiedBytes: job.verifiedBytes,
    chunksDone: job.chunksDone,
    chunksTotal: job.table.plan.count,
  };
}

function markInstalled(
  download: Download,
  file: Download['files'][number],
  { ledger }: DownloadContext,
): void {
  const { chunksTotal } = file.progress();
  const { size, path } = file.row;
  file.row = { ...file.row, installed: true };
  file.progress = () => ({ receivedBytes: size, verifiedBytes: size, chunksDone: chunksTotal, chunksTotal });
  ledger.files.setInstalled(download.id, path, true);
}

function tellResolved(
  download: Download,
  commit: string,
  files: readonly FileRow[],
  presentBytes: number,
  { emit }: DownloadContext,
): void {
  const chunkBytes = download.row.options.chunkSizeBytes ?? DEFAULT_CHUNK_BYTES;
  emit({
    event: 'resolved',
    download: download.id,
    repo: download.row.repo,
    commit,
    files: files.map(({ path, size, hash, algorithm }) => ({
      path,
      size,
      hash,
      algorithm,
      chunks: planChunks(size, chunkBytes).count,
    })),
    totalBytes: files.reduce((sum, { size }) => sum + size, 0),
    presentBytes,
  });
}

function tellDone(
  download: Download,
  commit: string,
  files: readonly FileRow[],
  { enter }: RunOptions,
  { clock, emit, ledger }: DownloadContext,
): void {
  const { repo, cacheDir } = download.row;
  if (download.lastByteMs !== null)
    download.counters.afterLastByteMs = Math.round(clock.monotonic() - download.lastByteMs);
  ledger.downloads.setCounters(download.id, download.currentCounters());
  enter('ready');
  const done: EventBody = {
    event: 'done',
    download: download.id,
    snapshot: snapshotFolder(cacheDir, repo, commit),
    files: files.map(({ path, size, hash }) => ({ path, size, hash, blob: blobPath(cacheDir, repo, hash) })),
    stats: download.stats(),
  };
  emit(done);
}
