import type { AddDownload, DownloadPlan } from '../../shared/contract/commands.ts';
import { findPresent } from '../cache/find-present.ts';
import { roomAt } from '../disk/disk-guard.ts';
import { nearestExistingFolder } from '../disk/nearest-existing-folder.ts';
import type { EngineParts } from '../engine-parts.ts';
import { askHub } from '../queue/resolve-files.ts';
import { DEFAULT_CHUNK_BYTES, planChunks } from '../transfer/chunk-plan.ts';
import { resolveTarget } from './target.ts';

/** What a download would fetch. Asks the Hub once and changes nothing. */
export async function planDownload(args: AddDownload, parts: EngineParts): Promise<DownloadPlan> {
  const { target, variant, wish } = await resolveTarget(args, parts);
  const { cacheDir, hub, signal } = parts;
  const { repo } = target;
  const { commit, files } = await askHub(
    hub,
    { ...target, ...wish, revision: target.revision, variant },
    signal,
  );
  const chunkBytes = wish.chunkSizeBytes ?? DEFAULT_CHUNK_BYTES;
  const present = await findPresent({ cacheDir, repo, commit }, files);
  const planned = files.map(({ path, size, hash, algorithm }) => {
    const chunks = planChunks(size, chunkBytes).count;
    return { path, size, hash, algorithm, chunks, present: present.has(path) };
  });
  const totalBytes = sum(planned);
  const presentBytes = sum(planned.filter(({ present }) => present));
  const { freeBytes } = await roomAt(await nearestExistingFolder(cacheDir));
  return {
    ...target,
    commit,
    files: planned,
    totalBytes,
    presentBytes,
    neededBytes: totalBytes - presentBytes,
    freeBytes,
  };
}

const sum = (files: ReadonlyArray<{ readonly size: number }>): number =>
  files.reduce((total, { size }) => total + size, 0);
