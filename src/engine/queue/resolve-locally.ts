import { stat } from 'node:fs/promises';
import type { AppError } from '../../shared/contract/errors.ts';
import { boundedMap } from '../cache/bounded-map.ts';
import { cachedTree } from '../cache/cached-tree.ts';
import { findPresent } from '../cache/find-present.ts';
import { isCommit, refPath, snapshotFile } from '../cache/layout.ts';
import { type LocalSnapshot, listSnapshot, localSnapshot } from '../cache/resolve-local.ts';
import { hasUnfinishedBlobs } from '../cache/unfinished-blobs.ts';
import type { DownloadContext } from '../contents/context.ts';
import type { Download } from './download.ts';
import type { FileSelection, ResolvedFiles } from './file-selection.ts';
import { type ListedFile, selectFiles } from './selection.ts';

const PARALLEL_LOOKS = 16;

/** What this disk knows of a revision and has in full. */
export interface LocalFiles extends ResolvedFiles {
  /** When the branch or tag was last known to be at this commit, in milliseconds since the epoch. */
  readonly asOfMs: number;
  /** False when the complete list of files is unknown: the list is then what is on disk. */
  readonly isListKnown: boolean;
}

/**
 * Returns the files of a download according to the ledger, a list of huggingface_hub, or the snapshot itself, if all of
 * them are on disk; null when one is missing or when nothing is known. Contacts no server.
 */
export async function resolveLocally(
  download: Download,
  wish: FileSelection,
  { ledger }: Pick<DownloadContext, 'ledger'>,
): Promise<LocalFiles | null> {
  const { cacheDir, repo, revision } = download.row;
  const place = await localSnapshot({ cacheDir, repo, revision }).catch(() => null);
  if (place === null) return null;
  const known =
    fromLedger(download, place.commit, ledger) ?? (await cachedTree(cacheDir, repo, place.commit));
  const listed = known ?? (await fromSnapshot(download, place));
  const files = listed === null ? null : wanted(listed, wish);
  if (files === null || !(await areHere(download, place.commit, files))) return null;
  const dated = isCommit(revision) ? place.path : refPath(cacheDir, repo, revision);
  const asOfMs = (await stat(dated).catch(() => null))?.mtimeMs ?? 0;
  return { commit: place.commit, files, asOfMs, isListKnown: known !== null };
}

/** True for failures that mean the Hub could not be reached, so that this disk has the best answer there is. */
export function isUnanswered({ code, details }: AppError): boolean {
  const noAnswer = ['Offline', 'Timeout', 'Stalled', 'ServerError', 'RateLimited', 'ProxyAuthRequired'];
  return noAnswer.includes(code) || details.problem !== undefined;
}

/** Returns what was pinned for exactly this request, or for one without filters. */
function fromLedger(
  { id, row: { cacheDir, repo } }: Download,
  commit: string,
  ledger: DownloadContext['ledger'],
): readonly ListedFile[] | null {
  const rows = ledger.downloads
    .list()
    .filter((row) => row.repo === repo && row.cacheDir === cacheDir && row.commit === commit)
    .filter(({ id: other, variant, options: { include, exclude } }) => {
      return other === id || (variant === null && include.length + exclude.length === 0);
    });
  const lists = rows.map((row) => ledger.files.list(row.id)).filter((files) => files.length > 0);
  return lists[0] ?? null;
}

/**
 * Links of a snapshot name their contents. Returns null when a content is missing, unfinished, or cannot be identified.
 */
async function fromSnapshot(
  { row: { cacheDir, repo } }: Download,
  { path: folder }: LocalSnapshot,
): Promise<readonly ListedFile[] | null> {
  if (await hasUnfinishedBlobs(cacheDir, repo)) return null;
  const files = await listSnapshot(folder).catch(() => []);
  const listed = files.map(({ path, realPath, size, hash }) => {
    if (realPath === null || hash === null) return null;
    const algorithm = hash.length === 64 ? ('sha256' as const) : ('git-sha1' as const);
    return { path, size, hash, algorithm };
  });
  const whole = listed.filter((file) => file !== null);
  return whole.length > 0 && whole.length === listed.length ? whole : null;
}

/** A filter that matches none of them may be for files that this disk never had. */
function wanted(
  files: readonly ListedFile[],
  { include, exclude, variant }: FileSelection,
): readonly ListedFile[] | null {
  try {
    return selectFiles(files, {
      includes: [variant?.include ?? [], include],
      exclude: [...(variant?.exclude ?? []), ...exclude],
    });
  } catch {
    return null;
  }
}

async function areHere(
  { row: { cacheDir, repo } }: Download,
  commit: string,
  files: readonly ListedFile[],
): Promise<boolean> {
  const place = { cacheDir, repo, commit };
  const present = await findPresent(place, files);
  const shown = await boundedMap(files, PARALLEL_LOOKS, async (file) => {
    return present.has(file.path) || (await isShown(place, file));
  });
  return shown.every(Boolean);
}

/** True when a snapshot has a file in full length, through a link or as a regular file. */
export async function isShown(
  { cacheDir, repo, commit }: { readonly cacheDir: string; readonly repo: string; readonly commit: string },
  { path, size }: Pick<ListedFile, 'path' | 'size'>,
): Promise<boolean> {
  const there = await stat(snapshotFile(cacheDir, repo, commit, path)).catch(() => null);
  return there?.isFile() === true && there.size === size;
}
