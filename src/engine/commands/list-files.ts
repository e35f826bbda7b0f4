import { stat } from 'node:fs/promises';
import type { CommandArgs } from '../../shared/contract/commands.ts';
import type { InstalledFiles } from '../../shared/model/library.ts';
import { boundedMap } from '../cache/bounded-map.ts';
import { listSnapshotEntries } from '../cache/snapshot-files.ts';
import type { EngineParts } from '../engine-parts.ts';
import { installedTargets } from './target.ts';

/** Maximum number of listed files: nobody reads on, and a dataset may have a hundred thousand. */
const MOST_FILES = 5000;
const PARALLEL_STATS = 16;

/** Returns the files of an installed snapshot with their sizes. A link to a missing content has none. */
export async function listFiles(
  args: CommandArgs<'library.files'>,
  parts: EngineParts,
): Promise<InstalledFiles> {
  const [target] = await installedTargets(args, parts);
  const entries = await listSnapshotEntries(target.path, () => undefined);
  const files = await boundedMap(entries.slice(0, MOST_FILES), PARALLEL_STATS, async ({ path, location }) => {
    const facts = await stat(location).catch(() => null);
    return { path, bytes: facts?.isFile() === true ? facts.size : null };
  });
  return { files, total: entries.length };
}
