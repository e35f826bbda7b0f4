import { lstat } from 'node:fs/promises';
import { partialPath, repositoryFolder } from '../cache/layout.ts';
import { findContent } from '../contents/acquire-content.ts';
import type { ContentTask } from '../contents/content-task.ts';
import type { DownloadContext } from '../contents/context.ts';
import { recordedCheck } from '../contents/verification/check-file.ts';
import type { FileRow } from '../ledger/files.ts';
import type { PeerChoice } from '../sources/peer/peers.ts';
import { DEFAULT_CHUNK_BYTES } from '../transfer/chunk-plan.ts';
import type { Download } from './download.ts';
import { installedProgress, ledgerProgress } from './file-progress.ts';
import { TrackedFile } from './tracked-file.ts';

/** What is known once a download is resolved. */
export interface PlanFacts {
  readonly commit: string;
  readonly files: readonly FileRow[];
  readonly symlinks: boolean;
  /** Contents that must be downloaded although finished blobs exist. */
  readonly repairHashes: ReadonlySet<string>;
  readonly peers: PeerChoice;
}

/** Returns the chunk size of a download's contents, unless the ledger has them with another one. */
export function chunkBytesOf(download: Download): number {
  return download.row.options.chunkSizeBytes ?? DEFAULT_CHUNK_BYTES;
}

/** Returns one task per content: several paths of a repository may have the same one. Small ones first. */
export function planTasks(
  download: Download,
  { commit, files, symlinks, repairHashes, peers }: PlanFacts,
): ContentTask[] {
  const { repo, cacheDir, options } = download.row;
  return groupByHash(files)
    .sort(([a], [b]) => a.size - b.size)
    .map((same) => ({
      download: download.id,
      repo,
      commit,
      cacheDir,
      files: same,
      symlinks,
      chunkBytes: chunkBytesOf(download),
      transport: options.transport ?? 'auto',
      peers,
      from: same.map(({ path }) => ownValue(options.from, path)).find((from) => from !== undefined) ?? null,
      repair: repairHashes.has(same[0].hash),
    }));
}

/** A file may be called `constructor`, which every object has. */
function ownValue(record: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function groupByHash(files: readonly FileRow[]): Array<[FileRow, ...FileRow[]]> {
  const groups = new Map<string, [FileRow, ...FileRow[]]>();
  for (const file of files) {
    const same = groups.get(file.hash);
    if (same) same.push(file);
    else groups.set(file.hash, [file]);
  }
  return [...groups.values()];
}

/** What a download finds of a content in its own cache: bytes that a record says are correct, or any bytes. */
type Found = 'recorded' | 'unchecked';

/** The files of a download with their numbers, and their bytes that are in the cache already. */
export interface Tracked {
  readonly files: TrackedFile[];
  readonly presentBytes: number;
}

/** Sets up the numbers of every file. What has not been hashed counts as received and not verified. */
export async function trackFiles(
  download: Download,
  files: readonly FileRow[],
  tasks: readonly ContentTask[],
  { ledger }: DownloadContext,
): Promise<Tracked> {
  const present = new Map<string, Found>();
  const partials = new Map<string, number>();
  for (const task of tasks) {
    const found = task.repair ? null : await findContent(task);
    const [{ hash }] = task.files;
    if (found === null) {
      if (!task.repair) partials.set(hash, await lengthOf(partialPath(task.cacheDir, task.repo, hash)));
      continue;
    }
    present.set(hash, (await recordedCheck(found, hash, ledger.checks)) ? 'recorded' : 'unchecked');
  }
  const folder = repositoryFolder(download.row.cacheDir, download.row.repo);
  const chunkBytes = chunkBytesOf(download);
  const tracked = files.map((row) => {
    const found = present.get(row.hash);
    const known =
      found === undefined
        ? ledgerProgress(ledger, folder, row, chunkBytes, partials.get(row.hash))
        : installedProgress(ledger, folder, row, chunkBytes);
    const shown = found === 'unchecked' ? { ...known, verifiedBytes: 0, chunksDone: 0 } : known;
    return new TrackedFile({ ...row, installed: found === 'recorded' }, () => shown);
  });
  const presentBytes = files.reduce((sum, { hash, size }) => sum + (present.has(hash) ? size : 0), 0);
  return { files: tracked, presentBytes };
}

/** Returns the bytes of a file; 0 when it does not exist. */
async function lengthOf(path: string): Promise<number> {
  return (await lstat(path).catch(() => null))?.size ?? 0;
}

/** Returns the bytes of the files that are on disk by now. */
export function receivedBytes({ files }: Download): number {
  return files.reduce((sum, { progress }) => sum + progress().receivedBytes, 0);
}

/** Returns the bytes that are not on disk yet; every content once, however many paths refer to it. */
export function remainingBytes(download: Download): number {
  const remaining = new Map(
    download.files.map(({ row, progress }) => [row.hash, row.size - progress().receivedBytes]),
  );
  return [...remaining.values()].reduce((sum, bytes) => sum + bytes, 0);
}
