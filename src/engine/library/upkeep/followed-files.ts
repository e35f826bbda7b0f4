import { sortFiles } from '../../../shared/weights/weight-sets.ts';
import type { ListedFile } from '../../queue/selection.ts';

/** A file of an installed revision. */
interface InstalledFile {
  readonly path: string;
  readonly size: number;
}

/**
 * Returns the files of a newer commit that belong to what is installed, when the original request is unknown: the
 * installed ones, the rest of their sets of weights (a shard may have been added), and what goes with every set. Of
 * sixteen quantizations only the installed one is followed.
 */
export function followedFiles(
  installed: readonly InstalledFile[],
  listed: readonly ListedFile[],
): readonly ListedFile[] {
  const here = new Set(installed.map(({ path }) => path));
  const before = sortFiles(installed);
  const after = sortFiles(listed);
  // Whoever took no weights of a repository that has some took single files.
  const isPicked = before.sets.length === 0 && after.sets.length > 0;
  const ids = new Set(before.sets.map(({ id }) => id));
  const inSets = after.sets.filter(({ id }) => ids.has(id)).flatMap(({ paths }) => paths);
  const companions = isPicked ? [] : after.companions.map(({ path }) => path);
  const followed = new Set([...here, ...inSets, ...companions]);
  return listed.filter(({ path }) => followed.has(path));
}
