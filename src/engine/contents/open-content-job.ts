import { AppError } from '../../shared/contract/errors.ts';
import { partialPath, repositoryFolder } from '../cache/layout.ts';
import type { XetAnnouncement } from '../hub/remote-file.ts';
import type { FileRow } from '../ledger/files.ts';
import type { HttpSession } from '../sources/http/http-session.ts';
import { HttpSource } from '../sources/http/http-source.ts';
import { SignedUrlCache } from '../sources/http/signed-url-cache.ts';
import { PieceProver } from '../sources/xet/proof/prover.ts';
import { ContentJob } from './content-job.ts';
import type { ContentJobDeps } from './content-job-deps.ts';
import type { ContentTask } from './content-task.ts';
import type { DownloadContext } from './context.ts';
import type { Rescued } from './rescue/rescue.ts';

/** Whom a job tells of what it finds. */
export type ContentJobEvents = Pick<ContentJobDeps, 'onWork' | 'onRepaired' | 'onFetchedAgain' | 'onJudged'>;

/** Below so many bytes a wrong content is fetched again as a whole, and what the Hub tells about its pieces is not worth a question. */
const MIN_JUDGED_BYTES = 1024 * 1024;

/** Opens the job of a task on top of what the ledger and the disk have of it. */
export async function openContentJob(
  task: ContentTask,
  { hasUnknownBytes, merge }: Rescued,
  context: DownloadContext,
  events: ContentJobEvents,
  signal: AbortSignal,
): Promise<ContentJob> {
  const { cacheDir, repo, commit, files, chunkBytes } = task;
  const [{ path, hash, algorithm, size }] = files;
  const { ledger, hub, hasher, checkpointer, clock, log } = context;
  const folder = repositoryFolder(cacheDir, repo);
  const row = ledger.blobs.ensure({ folder, hash, algorithm, size, chunkBytes });
  const locate = async (signal: AbortSignal) => {
    const location = await hub.locate({ repo, commit, path }, signal);
    requireSameContent(location, files[0]);
    announced = location.xet;
    return location;
  };
  let announced: XetAnnouncement | null = null;
  const urls = new SignedUrlCache(locate, clock.now);
  const openProver = async (signal: AbortSignal) => {
    if (algorithm !== 'sha256' || size < MIN_JUDGED_BYTES) return null;
    await urls.get(signal);
    return announced && PieceProver.open(context.xetClient({ repo, commit, path }, size, announced), signal);
  };
  const spec = {
    path,
    hash,
    algorithm,
    size,
    row,
    chunks: ledger.chunks.list(row.id),
    hasUnknownBytes,
    merge,
    partialPath: partialPath(cacheDir, repo, hash),
  };
  const deps = {
    hasher,
    checkpointer,
    source: new HttpSource({ path, size }, urls, httpSession(context)),
    openProver,
    saveRows: (blobId: number, rows: Parameters<ContentJobDeps['saveRows']>[1]) =>
      ledger.commit({ chunks: [{ blobId, rows }], counters: [] }),
    now: clock.monotonic,
    log,
    ...events,
  };
  return ContentJob.open(spec, deps, signal);
}

function httpSession({ dispatcher, userAgent, hub }: DownloadContext): HttpSession {
  return {
    dispatcher,
    userAgent,
    hubHost: hub.endpoint.host,
    authorizationFor: (url) => hub.authorizationFor(url),
  };
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
