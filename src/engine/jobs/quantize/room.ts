import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nearestExistingFolder } from '../../disk/nearest-existing-folder.ts';
import type { BuildRow } from '../../ledger/builds.ts';
import { growingFolder, onSameVolume } from './install/made-folder.ts';
import type { PlannedBuild } from './planned-build.ts';

/** Disk space of a build. */
export interface BuildRoom {
  /** A folder that exists on that disk. */
  readonly folder: string;
  /** For all files together. Companions on the disk of the source take nothing. */
  readonly totalBytes: number;
  /** How much of it is on disk already. */
  readonly presentBytes: number;
}

export async function roomOf(
  { root, repo, variant }: Pick<BuildRow, 'root' | 'repo' | 'variant'>,
  { plan, source }: PlannedBuild,
): Promise<BuildRoom> {
  const growing = growingFolder(root, repo, variant);
  const folder = await nearestExistingFolder(growing);
  const present = await Promise.all(plan.files.map(({ target }) => allocatedBytes(join(growing, target))));
  const copied = (await onSameVolume(folder, source.folder)) ? [] : source.companions.map(({ size }) => size);
  return {
    folder,
    totalBytes: plan.outputBytes + sum(copied),
    presentBytes: Math.min(plan.outputBytes, sum(present)),
  };
}

/** A growing file has its final length from the start; only its blocks show how much it occupies. */
const allocatedBytes = (path: string): Promise<number> =>
  stat(path).then(
    ({ blocks }) => blocks * 512,
    () => 0,
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
