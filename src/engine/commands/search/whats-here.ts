import { readdir } from 'node:fs/promises';
import type { FoundModel } from '../../../shared/model/search.ts';
import { hasWholeSet } from '../../../shared/weights/whole-set.ts';
import { repositoryFolderName } from '../../cache/layout.ts';
import { scanCache } from '../../cache/scan.ts';
import type { EngineParts } from '../../engine-parts.ts';

/** Returns how much of a repository is in the cache. */
export type WhatsHere = (repo: string) => FoundModel['here'];

/**
 * Scans the cache once, and looks closer only when one of the repositories has a folder there. A model with all files
 * of one set of weights is complete: whoever took one quantization of sixteen has the model.
 */
export async function whatsHere(repos: readonly string[], parts: EngineParts): Promise<WhatsHere> {
  const folders = new Set(await readdir(parts.cacheDir).catch(() => []));
  if (!repos.some((repo) => folders.has(repositoryFolderName(repo)))) return () => null;
  const { snapshots, partials } = await scanCache(parts.cacheDir, parts.signal);
  const whole = new Set(
    snapshots.filter(({ complete, files }) => complete && hasWholeSet(files)).map(({ repo }) => repo),
  );
  const partly = new Set([...snapshots, ...partials].map(({ repo }) => repo));
  return (repo) => (whole.has(repo) ? 'whole' : partly.has(repo) ? 'partly' : null);
}
