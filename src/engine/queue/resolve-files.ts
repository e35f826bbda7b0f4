import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { checkFilePaths } from '../../shared/model/file-path.ts';
import { isCommit } from '../cache/layout.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import type { FileRow } from '../ledger/files.ts';
import { BACKOFF_CAP_MS } from '../transfer/backoff.ts';
import { checkContents } from './check-contents.ts';
import type { Download } from './download.ts';
import type { FileSelection, ResolvedFiles } from './file-selection.ts';
import { isUnanswered, resolveLocally } from './resolve-locally.ts';
import { checkPins, type FileFilter, type ListedFile, selectFiles } from './selection.ts';

/** The files of a download as pinned in the ledger. */
export interface PinnedFiles {
  readonly commit: string;
  readonly files: readonly FileRow[];
  /** ISO time when the revision was last known to be at this commit, if the Hub could not be reached. Usually null. */
  readonly asOf: string | null;
}

/** Returns the patterns of a selection, the catalog's and the user's. */
export function filterOf({ variant, include, exclude }: FileSelection): FileFilter {
  return {
    includes: [variant?.include ?? [], include],
    exclude: [...(variant?.exclude ?? []), ...exclude],
  };
}

/**
 * Asks the Hub once; `whileParsing` wraps the parsing of a long list. Throws the Hub's error, `ChangedUpstream`, or
 * `BadRequest` (no file matches).
 */
export async function askHub(
  hub: DownloadContext['hub'],
  wish: FileSelection,
  signal: AbortSignal,
  whileParsing?: Parameters<DownloadContext['hub']['repositoryInfo']>[3],
): Promise<ResolvedFiles> {
  const info = await hub.repositoryInfo(wish.repo, wish.revision, signal, whileParsing);
  if (wish.variant && !wish.acceptChanged) checkPins(info.files, wish.variant.pins, wish.repo);
  return { commit: info.commit, files: chosenFiles(info.files, wish), isPublic: info.isPublic };
}

/**
 * Returns the selected files of a list. Throws `BadRequest`, `PathUnsafe`, and `HashMismatch` for contradictory
 * entries.
 */
export function chosenFiles(listed: readonly ListedFile[], wish: FileSelection): readonly ListedFile[] {
  const files = selectFiles(listed, { ...filterOf(wish), each: wish.include });
  checkNames(files, listed.length);
  checkContents(files);
  return files;
}

/**
 * Names are checked when they are selected: one that cannot be written does not prevent the others from being
 * downloaded.
 */
function checkNames(files: readonly ListedFile[], listed: number): void {
  try {
    checkFilePaths(
      files.map(({ path }) => path),
      { caseInsensitive: false, onWindows: process.platform === 'win32' },
    );
  } catch (error) {
    if (!(error instanceof AppError) || listed < 2) throw error;
    throw new AppError(error.code, `${error.message} The other files can be downloaded without it.`, {
      cause: error,
      details: { ...error.details, remedy: 'choose-files' },
    });
  }
}

/**
 * Resolves the files of a download: from the ledger once they are pinned, otherwise from the Hub, with as many tries as
 * it takes. The Hub's answer is pinned in the ledger, so that a moving branch never mixes two versions.
 */
export async function resolveFiles(
  download: Download,
  wish: FileSelection,
  caseInsensitive: boolean,
  context: DownloadContext,
  signal: AbortSignal,
  waiting: (error: AppError, attempt: number, untilMs: number) => void,
): Promise<PinnedFiles> {
  const { ledger } = context;
  const pinned = ledger.files.list(download.id);
  const partials = Object.keys(download.row.options.from);
  if (!download.mustResolve && download.row.commit !== null && pinned.length > 0) {
    requireNames(partials, pinned);
    checkContents(pinned);
    checkTogether(pinned, caseInsensitive);
    return { commit: download.row.commit, files: pinned, asOf: null };
  }
  const ask = () => askHub(context.hub, wish, signal, notedAs(download.id, ledger));
  const local = await localAtOnce(download, wish, context);
  const fromDisk = (failure: AppError) => localInstead(download, wish, context, failure);
  const resolved = local ?? (await retrying(ask, context, signal, waiting, fromDisk));
  requireNames(partials, resolved.files);
  checkTogether(resolved.files, caseInsensitive);
  const files = await pinFiles(download, resolved, ledger);
  return { commit: resolved.commit, files, asOf: resolved.asOf ?? null };
}

/**
 * Does the same as {@link resolveFiles} for a download that waits for its turn: asks the Hub once, and pins nothing
 * once `signal` is aborted.
 */
export async function resolveAhead(
  download: Download,
  wish: FileSelection,
  { ledger, hub }: DownloadContext,
  signal: AbortSignal,
): Promise<readonly FileRow[]> {
  const resolved = await askHub(hub, wish, signal, notedAs(download.id, ledger));
  signal.throwIfAborted();
  return pinFiles(download, resolved, ledger);
}

/** Stores the file list of a download in the ledger, and whether the repository may be shared. */
export async function pinFiles(
  download: Download,
  { commit, files, isPublic }: ResolvedFiles,
  ledger: DownloadContext['ledger'],
): Promise<readonly FileRow[]> {
  ledger.transaction(() => {
    ledger.downloads.setCommit(download.id, commit);
    ledger.files.replace(download.id, files);
    if (isPublic === true) ledger.publicCommits.add(download.row.repo, commit);
    if (isPublic === false) ledger.publicCommits.removeRepository(download.row.repo);
  });
  download.resolved(commit);
  const rows = ledger.files.list(download.id);
  await ledger.sync();
  return rows;
}

/** Rejects names that would be the same file on this disk. */
function checkTogether(files: readonly Pick<ListedFile, 'path'>[], caseInsensitive: boolean): void {
  checkFilePaths(
    files.map(({ path }) => path),
    { caseInsensitive },
  );
}

/** Records whose list is being parsed while it is being parsed: see `failUnparsed`. */
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

/** A partial must belong to a selected file. */
function requireNames(names: readonly string[], files: readonly ListedFile[]): void {
  const unknown = names.find((name) => !files.some(({ path }) => path === name));
  if (unknown === undefined) return;
  const known = files.slice(0, 5).map(({ path }) => path);
  throw new AppError(
    'BadRequest',
    `An unfinished file was named for ${unknown}, which isn’t one of the files to download. Some of them: ${known.join(', ')}.`,
  );
}

/** A full commit id never changes: when its list is known and everything is on disk, the Hub need not be asked. */
async function localAtOnce(
  download: Download,
  wish: FileSelection,
  context: DownloadContext,
): Promise<ResolvedFiles | null> {
  if (!isCommit(wish.revision)) return null;
  const local = await resolveLocally(download, wish, context);
  return local?.isListKnown === true ? local : null;
}

/** When the Hub did not answer, what is on this disk is ready, if it is complete. */
async function localInstead(
  download: Download,
  wish: FileSelection,
  context: DownloadContext,
  failure: AppError,
): Promise<ResolvedFiles | null> {
  if (!isUnanswered(failure)) return null;
  const local = await resolveLocally(download, wish, context);
  if (local === null) return null;
  const { commit, files, asOfMs } = local;
  return { commit, files, asOf: new Date(asOfMs).toISOString() };
}

/**
 * Repeats `work` after every error that may pass with time; other errors are thrown at once. `instead` may offer a
 * better answer than waiting.
 */
async function retrying<T>(
  work: () => Promise<T>,
  { hostBackoff, hub, clock }: DownloadContext,
  signal: AbortSignal,
  waiting: (error: AppError, attempt: number, untilMs: number) => void,
  instead: (failure: AppError) => Promise<T | null>,
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
      const known = await instead(failure);
      if (known !== null) return known;
      // A server that is not a Hub may be a sign-in page, but waiting forever on a wrong address helps nobody.
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

/** Checks twice a second, so that "try now" is noticed. */
async function untilOpen(
  hostBackoff: DownloadContext['hostBackoff'],
  host: string,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = hostBackoff.waitMs(host); waitMs > 0; waitMs = hostBackoff.waitMs(host)) {
    await sleep(Math.min(500, waitMs), undefined, { signal });
  }
}
