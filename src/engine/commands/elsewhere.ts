import type { ElsewhereModel } from '../../shared/model/library.ts';
import { scanCache } from '../cache/scan.ts';
import { toolModels } from '../cache/tool-models.ts';
import type { EngineParts } from '../engine-parts.ts';

/** Models that are on this computer and not in the cache in use: in other caches, and in the folders of other tools. Only read. */
export async function listElsewhere({
  cacheDir,
  knownCacheDirs,
  toolFolders,
  signal,
}: Pick<EngineParts, 'cacheDir' | 'knownCacheDirs' | 'toolFolders' | 'signal'>): Promise<
  readonly ElsewhereModel[]
> {
  const others = knownCacheDirs.filter((folder) => folder !== cacheDir);
  const scans = await Promise.all(others.map((folder) => scanCache(folder, signal)));
  const cached = scans
    .flatMap(({ snapshots }) => snapshots)
    .map(({ repo, path, bytes, files }) => {
      return { tool: 'cache' as const, name: repo, repo, path, bytes, files: files.length };
    });
  return [...cached, ...(await toolModels(toolFolders))];
}
