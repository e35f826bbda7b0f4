import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/contract/errors.ts';
import type { CatalogVariant } from '../../shared/model/catalog.ts';
import { checkFilePaths } from '../../shared/model/file-path.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import type { FileRow } from '../ledger/files.ts';
import { BACKOFF_CAP_MS } from '../transfer/backoff.ts';
import { checkContents } from './check-contents.ts';
import type { Download } from './download.ts';
import { checkPins, type FileFilter, type ListedFile, selectFiles } from './selection.ts';

/** A repository at a commit, and the files of it that are wanted. */
export interface ResolvedFiles {
  readonly commit: string;
  readonly files: readonly ListedFile[];
}

/** What narrows a repository down and what is expected of it. */
export interface FileSelection {
  readonly repo: string;
  readonly revision: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly acceptChanged: boolean;
  /** The catalog's variant, when the download came from there. */
  readonly variant: CatalogVariant | null;
}

/** The patterns of a selection, the catalog's and the user's. */
export function filterOf({ variant, include, exclude }: FileSelection): FileFilter {
  return {
    includes: [variant?.include ?? [], include],
    exclude: [...(variant?.exclude ?? []), ...exclude],
  };
}

/** Asks the Hub once; `whileParsing` runs the reading of a long list. Throws what the Hub answers, `ChangedUpstream` or `BadRequest` (no file matches). */
export async function askHub(
  hub: DownloadContext['hub'],
  wish: FileSelection,
  signal: AbortSignal,
  whileParsing?: Parameters<DownloadContext['hub']['repositoryInfo']>[3],
): Promise<ResolvedFiles> {
  const info = await hub.repositoryInfo(wish.repo, wish.revision, signal, whileParsing);
  if (wish.variant && !wish.acceptChanged) checkPins(info.files, wish.variant.pins, wish.repo);
  const files = selectFiles(info.files, filterOf(wish));
  checkContents(files);
  return { commit: info.commit, files };
}

/**
 * The files of a download: from the ledger once they are pinned, else from the Hub, as often as it takes. What the Hub
 * said is pinned in the ledger, so that a moving branch never mixes two versions.
 */
export async function resolveFiles(
  download: Download,
  wish: FileSelection,
  caseInsensitive: boolean,
  context: DownloadContext,
  signal: AbortSignal,
  waiting: (error: AppError, attempt: number, untilMs: number) => void,
): Promise<{ readonly commit: string; readonly files: readonly FileRow[] }> {
  const { ledger } = context;
  const pinned = ledger.files.list(download.id);
  const partials = Object.keys(download.row.options.from);
  if (!download.mustResolve && download.row.commit !== null && pinned.length > 0) {
    requireNames(partials, pinned);
    checkContents(pinned);
    return { commit: download.row.commit, files: pinned };
  }
  const ask = () => askHub(context.hub, wish, signal, notedAs(download.id, ledger));
  const resolved = await retrying(ask, context, signal, waiting);
  requireNames(partials, resolved.files);
  checkFilePaths(
    resolved.files.map(({ path }) => path),
    { caseInsensitive },
  );
  ledger.transaction(() => {
    ledger.downloads.setCommit(download.id, resolved.commit);
    ledger.files.replace(download.id, resolved.files);
  });
  await ledger.sync();
  download.mustResolve = false;
  download.row = { ...download.row, commit: resolved.commit };
  return { commit: resolved.commit, files: ledger.files.list(download.id) };
}

/** Notes down whose list is being read while it is: see `failUnparsed`. */
function notedAs(id: string, { parsing }: DownloadContext['ledger']) {
  return async <T>(parse: () => Promise<T>): Promise<T> => {
    parsing.begin(id);
    try {
      return await parse();
    } finally {
      parsing.end(id);
    }
  };
}

/** A partial must be for a file that is wanted. */
function requireNames(names: readonly string[], files: readonly ListedFile[]): void {
  const unknown = names.find((name) => !files.some(({ path }) => path === name));
  if (unknown === undefined) return;
  const known = files.slice(0, 5).map(({ path }) => path);
  throw new AppError(
    'BadRequest',
    `--from names ${unknown}, which is not among the files to download. They are for instance: ${known.join(', ')}.`,
  );
}

/** Repeats `work` through everything that time may mend; other errors leave at once. */
async function retrying<T>(
  work: () => Promise<T>,
  { hostBackoff, hub, clock }: DownloadContext,
  signal: AbortSignal,
  waiting: (error: AppError, attempt: number, untilMs: number) => void,
): Promise<T> {
  const { host } = hub.endpoint;
  for (;;) {
    const startedMs = clock.monotonic();
    try {
      const done = await work();
      hostBackoff.succeeded(host, startedMs);
      return done;
    } catch (error) {
      signal.throwIfAborted();
      const failure = classify(error);
      // A server that is not a Hub may be a sign-in page, but waiting for ever on a wrong address helps nobody.
      if (!failure.retryable || failure.code === 'BadRequest') throw failure;
      const facts = {
        deliveredBytes: 0,
        retryAfterMs: failure.retryAfterMs,
        capMs: BACKOFF_CAP_MS,
        startedMs,
      };
      const { attempt, delayMs } = hostBackoff.fail(host, facts);
      waiting(failure, attempt, clock.now() + delayMs);
      await untilOpen(hostBackoff, host, signal);
    }
  }
}

/** Looks twice a second, so that "try now" is noticed. */
async function untilOpen(
  hostBackoff: DownloadContext['hostBackoff'],
  host: string,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = hostBackoff.waitMs(host); waitMs > 0; waitMs = hostBackoff.waitMs(host)) {
    await sleep(Math.min(500, waitMs), undefined, { signal });
  }
}
