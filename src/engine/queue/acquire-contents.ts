import type { DownloadState } from '../../shared/model/download.ts';
import { acquireContent } from '../contents/acquire-content.ts';
import type { ContentJob } from '../contents/content-job.ts';
import type { ContentTask, ContentTaskEvents } from '../contents/content-task.ts';
import type { DownloadContext } from '../contents/context.ts';
import { isOutOfFiles } from '../disk/open-files.ts';
import { classify } from '../errors/classify.ts';
import type { TransferScheduler } from '../transfer/scheduler.ts';
import type { Download } from './download.ts';
import { openScheduler, rememberStreams } from './open-scheduler.ts';
import type { TrackedFile } from './tracked-file.ts';

/** Small contents cost round trips and syncs but no bandwidth: many are open at once to hide that. */
const SMALL_BLOB_BYTES = 1024 * 1024;
const OPEN_SMALL_BLOBS = 64;
/** Enough large contents that attempts find work while one is being verified and installed. */
const OPEN_LARGE_BLOBS = 4;

/** A finished copy that is being hashed before it is trusted. */
export interface Checking {
  readonly path: string;
  readonly hashedBytes: number;
  readonly totalBytes: number;
  /** On the monotonic clock. */
  readonly sinceMs: number;
}

/** The moving parts of a run, for display. */
export interface Transfer {
  readonly pool: TransferScheduler;
  readonly jobs: ReadonlySet<ContentJob>;
  /** Keyed by the hash of the content. */
  readonly checking: ReadonlyMap<string, Checking>;
  /** Hashes of the contents that are being worked on locally. */
  readonly local: ReadonlySet<string>;
}

/** The run's own, writable view of {@link Transfer}. */
interface OwnTransfer extends Transfer {
  readonly jobs: Set<ContentJob>;
  readonly checking: Map<string, Checking>;
  readonly local: Set<string>;
}

/** Callbacks for the progress of the work on contents. */
export interface AcquireOptions {
  readonly enter: (state: DownloadState) => void;
  /** Called when the transfer begins. */
  readonly onTransfer: (transfer: Transfer) => void;
}

/**
 * Fetches, verifies and installs contents, many small and a few large ones at a time. Rejects with the first failure.
 */
export async function acquireContents(
  download: Download,
  tasks: readonly ContentTask[],
  options: AcquireOptions,
  context: DownloadContext,
  signal: AbortSignal,
): Promise<void> {
  const failure = new AbortController();
  const pool = openScheduler(download, context, (error) => failure.abort(error));
  const transfer: OwnTransfer = { pool, jobs: new Set(), checking: new Map(), local: new Set() };
  options.onTransfer(transfer);
  const both = AbortSignal.any([signal, failure.signal]);
  const inLanes = (some: readonly ContentTask[], lanes: number) => {
    const queue = some.values();
    const lane = async () => {
      for (const task of queue) await acquireOne(task, download, transfer, options, context, both);
    };
    // The first error ends all lanes; each has cleaned up after itself when it settles.
    return Array.from({ length: lanes }, () => lane().catch((error) => failure.abort(error)));
  };
  const isSmall = ({ files: [{ size }] }: ContentTask) => size <= SMALL_BLOB_BYTES;
  const small = tasks.filter(isSmall);
  const large = tasks.filter((task) => !isSmall(task));
  const lanes = context.openFiles.lanes(OPEN_SMALL_BLOBS);
  try {
    await Promise.all([...inLanes(small, lanes), ...inLanes(large, Math.min(OPEN_LARGE_BLOBS, lanes))]);
    signal.throwIfAborted();
    if (failure.signal.aborted) throw classify(failure.signal.reason);
    rememberStreams(download, pool, context);
  } catch (error) {
    const known = classify(error, { disk: download.row.cacheDir });
    if (isOutOfFiles(known)) context.openFiles.refused(lanes);
    throw known;
  } finally {
    await pool.stop();
    download.setAttempts([]);
  }
}

async function acquireOne(
  task: ContentTask,
  download: Download,
  { pool, jobs, checking, local }: OwnTransfer,
  options: AcquireOptions,
  context: DownloadContext,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const [{ hash }] = task.files;
  const tracked = download.files.filter(({ row }) => row.hash === hash);
  let open: ContentJob | null = null;
  const events: ContentTaskEvents = {
    ...costsAndRepairs(download, task, knownBytes(tracked), context),
    onBlocked: (by) => download.setBlocked(hash, by),
    onLocalWork: (isLocal) => {
      if (isLocal) local.add(hash);
      else local.delete(hash);
    },
    onChecking: (path, hashedBytes, totalBytes) => {
      const sinceMs = checking.get(hash)?.sinceMs ?? context.clock.monotonic();
      checking.set(hash, { path, hashedBytes, totalBytes, sinceMs });
    },
    onPartialTaken: () => forgetPartials(download, task, context),
    onJob: (job) => {
      open = job;
      checking.delete(hash);
      jobs.add(job);
      for (const file of tracked) file.follow(() => jobProgress(job));
    },
    onInstalling: () => {
      if (jobs.size === 1) options.enter('installing');
    },
    onInstalled: (files, checks) => {
      const checkOf = new Map(files.map(({ path }, index) => [path, checks[index] ?? null]));
      for (const file of tracked) {
        file.installed(checkOf.get(file.row.path) ?? null);
        context.ledger.files.setInstalled(download.id, file.row.path, true);
      }
    },
  };
  try {
    await acquireContent(task, pool, context, events, signal);
  } finally {
    checking.delete(hash);
    if (open) close(open, tracked, jobs);
  }
}

/** Returns the bytes of a content that were known to be on disk before its task began. */
function knownBytes([first]: readonly TrackedFile[]): number {
  return first?.progress().receivedBytes ?? 0;
}

/** Bytes that were known before are this download's own, or were counted as reused when it began. */
function costsAndRepairs(download: Download, task: ContentTask, known: number, { emit }: DownloadContext) {
  const { id } = download;
  const fileBytes = task.files[0].size;
  let uncounted = known;
  return {
    onRescued: (path, bytes, chunks, source) => {
      download.countRescued(Math.max(0, bytes - uncounted));
      uncounted = Math.max(0, uncounted - bytes);
      emit({ event: 'rescued', download: id, path, bytes, fileBytes, chunks, source });
    },
    onRepaired: (path, chunk, bytes) => emit({ event: 'repaired', download: id, path, chunk, bytes }),
    onFetchedAgain: (bytes) => download.countWasted(bytes),
    onJudged: (path, judgement) => {
      const damagedPieces = download.countDamaged(judgement.arrived ? judgement.bad : 0);
      emit({ event: 'judged', download: id, path, ...judgement, damagedPieces });
    },
  } satisfies Partial<ContentTaskEvents>;
}

function forgetPartials(download: Download, { files }: ContentTask, { ledger }: DownloadContext): void {
  const { options } = download.row;
  const taken = new Set(files.map(({ path }) => path));
  const from = Object.fromEntries(Object.entries(options.from).filter(([path]) => !taken.has(path)));
  download.setOptions({ ...options, from });
  ledger.downloads.setOptions(download.id, download.row.options);
}

/** A job that ended keeps its last numbers, unless the file is installed and has final ones. */
function close(job: ContentJob, tracked: readonly TrackedFile[], jobs: Set<ContentJob>): void {
  jobs.delete(job);
  const last = jobProgress(job);
  for (const file of tracked) if (!file.row.installed) file.follow(() => last);
}

function jobProgress({ table, verifiedBytes, chunksDone }: ContentJob) {
  return { receivedBytes: table.receivedBytes, verifiedBytes, chunksDone, chunksTotal: table.plan.count };
}
