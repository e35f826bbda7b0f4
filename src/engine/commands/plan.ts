import { readdir } from 'node:fs/promises';
import type { AddDownload, DownloadPlan } from '../../shared/contract/commands.ts';
import { boundedMap } from '../cache/bounded-map.ts';
import { findPresent } from '../cache/find-present.ts';
import { blobsFolder, INCOMPLETE_SUFFIX } from '../cache/layout.ts';
import { localCacheDir } from '../cache/local-folder.ts';
import { roomAt } from '../disk/disk-guard.ts';
import { nearestExistingFolder } from '../disk/nearest-existing-folder.ts';
import type { EngineParts, ReadableLedger } from '../engine-parts.ts';
import { contentBytes } from '../library/presence.ts';
import { askHub } from '../queue/resolve-files.ts';
import { DEFAULT_CHUNK_BYTES, planChunks } from '../transfer/chunk-plan.ts';
import { inLocalFolder } from './local-wish.ts';
import { resolveTarget } from './target.ts';

/** Files that are searched for concurrently. */
const PARALLEL_FILES = 16;

/** Returns what a download would fetch. Asks the Hub once and changes nothing. */
export async function planDownload(
  args: AddDownload,
  parts: EngineParts,
  ledger: Pick<ReadableLedger, 'blobs' | 'chunks'>,
): Promise<DownloadPlan> {
  const { target, variant, wish } = await resolveTarget(args, parts);
  const { hub, signal } = parts;
  const { localDir } = await inLocalFolder(wish);
  const cacheDir = localDir === undefined ? parts.cacheDir : localCacheDir(localDir);
  const { repo } = target;
  const { commit, files } = await askHub(
    hub,
    { ...target, ...wish, revision: target.revision, variant },
    signal,
  );
  const chunkBytes = wish.chunkSizeBytes ?? DEFAULT_CHUNK_BYTES;
  const partials = await hashesOfPartials(blobsFolder(cacheDir, repo));
  const bytesOf = (file: { hash: string; size: number }) => contentBytes(file, cacheDir, repo, ledger);
  const here = await findPresent({ cacheDir, repo, commit }, files);
  const planned = await boundedMap(files, PARALLEL_FILES, async ({ path, size, hash, algorithm }) => {
    signal.throwIfAborted();
    const present = here.has(path);
    const presentBytes = present ? size : partials.has(hash) ? await bytesOf({ hash, size }) : 0;
    const { count: chunks } = planChunks(size, chunkBytes);
    return { path, size, hash, algorithm, chunks, present, presentBytes: Math.min(size, presentBytes) };
  });
  const totalBytes = planned.reduce((total, { size }) => total + size, 0);
  const neededBytes = missingBytes(planned);
  const room = await roomAt(await nearestExistingFolder(cacheDir));
  const bytes = { totalBytes, presentBytes: totalBytes - neededBytes, neededBytes };
  const { freeBytes = null, reserveBytes = 0 } = room ?? {};
  return { ...target, commit, files: planned, ...bytes, freeBytes, reserveBytes };
}

/** Returns the bytes to fetch: every content once, without what is on disk. */
function missingBytes(files: DownloadPlan['files']): number {
  const missing = new Map(files.map(({ hash, size, presentBytes }) => [hash, size - presentBytes]));
  return [...missing.values()].reduce((total, bytes) => total + bytes, 0);
}

/**
 * Returns the contents with a partial, ours or another tool's: of 100,000 files hardly any, and only those are
 * examined.
 */
async function hashesOfPartials(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder).catch(() => []);
  const partials = names.filter((name) => name.endsWith(INCOMPLETE_SUFFIX));
  return new Set(partials.map((name) => name.slice(0, name.indexOf('.'))));
}
