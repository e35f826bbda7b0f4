import type { DiskUsage } from '../../../shared/model/upkeep.ts';
import { roomAt } from '../../disk/disk-guard.ts';
import { nearestExistingFolder } from '../../disk/nearest-existing-folder.ts';
import type { EngineParts, ReadableLedger } from '../../engine-parts.ts';
import { repositoryUsage } from '../../library/upkeep/disk-usage.ts';
import { listMade } from '../made-here.ts';
import { planPrune } from './prune.ts';

/** Returns what uses the disk, and how much of it nothing needs. */
export async function diskUsage(parts: EngineParts, ledger: ReadableLedger): Promise<DiskUsage> {
  const { cacheDir } = parts;
  const [repositories, prunable, made, room] = await Promise.all([
    repositoryUsage(cacheDir),
    planPrune(parts, ledger),
    listMade(parts, ledger, null),
    nearestExistingFolder(cacheDir)
      .then((folder) => roomAt(folder))
      .catch(() => null),
  ]);
  return {
    cacheDir,
    repositories,
    totalBytes: sum(repositories),
    madeBytes: sum(made),
    prunableBytes: sum(prunable),
    freeBytes: room?.freeBytes ?? null,
    volumeBytes: room?.volumeBytes ?? null,
  };
}

function sum(items: ReadonlyArray<{ readonly bytes: number }>): number {
  return items.reduce((total, { bytes }) => total + bytes, 0);
}
