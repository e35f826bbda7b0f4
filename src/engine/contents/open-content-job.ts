import { copiesPath, partialPath, repositoryFolder } from '../cache/layout.ts';
import { PieceProver } from '../sources/xet/proof/prover.ts';
import { ContentJob } from './content-job.ts';
import type { ContentJobDeps } from './content-job-deps.ts';
import type { ContentTask } from './content-task.ts';
import type { DownloadContext } from './context.ts';
import { type OpenedSource, openSource } from './open-source.ts';
import type { Rescued } from './rescue/rescue.ts';

/** The callbacks of a job. */
export type ContentJobEvents = Pick<
  ContentJobDeps,
  'transfer' | 'onRepaired' | 'onFetchedAgain' | 'onJudged'
>;

/**
 * Below this size a wrong content is fetched again as a whole, and the hashes of its pieces are not worth a request.
 */
const MIN_JUDGED_BYTES = 1024 * 1024;

/** A job, and access to the storage of its content. */
export interface OpenedJob {
  readonly job: ContentJob;
  /** Resolves to null when the Hub does not report the content as being in Xet storage. Asks the Hub if necessary. */
  readonly openXetClient: OpenedSource['openXetClient'];
}

/** Opens the job of a task on top of what the ledger and the disk have of it. */
export async function openContentJob(
  task: ContentTask,
  { hasUnknownBytes, merge }: Rescued,
  context: DownloadContext,
  events: ContentJobEvents,
  signal: AbortSignal,
): Promise<OpenedJob> {
  const { cacheDir, repo, files, chunkBytes } = task;
  const [{ path, hash, algorithm, size }] = files;
  const { ledger, hasher, checkpointer, clock, log } = context;
  const folder = repositoryFolder(cacheDir, repo);
  const row = ledger.blobs.ensure({ folder, hash, algorithm, size, chunkBytes });
  const { source, openXetClient } = openSource(task, context);
  const openProver = async (signal: AbortSignal) => {
    if (algorithm !== 'sha256' || size < MIN_JUDGED_BYTES) return null;
    const client = await openXetClient(signal);
    return client && PieceProver.open(client, signal);
  };
  const spec = {
    path,
    hash,
    algorithm,
    size,
    row,
    chunks: ledger.chunks.listChecked(row.id),
    hasUnknownBytes,
    merge,
    partialPath: partialPath(cacheDir, repo, hash),
    copiesPath: copiesPath(cacheDir, repo, hash),
  };
  const deps = {
    hasher,
    checkpointer,
    source,
    openProver,
    proofs: ledger.proofs,
    mayCheckHere: context.mayCheckHere,
    claimRoom: (remainingBytes: () => number) =>
      context.diskBudget.claim(`${task.download} copies of ${hash}`, cacheDir, remainingBytes),
    saveRows: (blobId: number, rows: Parameters<ContentJobDeps['saveRows']>[1]) =>
      ledger.commit({ chunks: [{ blobId, rows }], counters: [] }),
    now: clock.monotonic,
    log,
    ...events,
  };
  return { job: await ContentJob.open(spec, deps, signal), openXetClient };
}
