import { join, resolve, sep } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';

/**
 * A *local folder* holds the files of one repository as they are, as `hf download --local-dir` creates it. To the
 * engine it is a cache without links whose only snapshot is the folder itself: contents grow in
 * `<folder>/.cache/huggingface/haulyard`, on the same volume, and are moved to their names once they are correct. Each
 * file has the metadata of huggingface_hub next to it (`.cache/huggingface/download/<path>.metadata`), so that either
 * tool continues what the other began.
 */
const OWN_PARTS = ['.cache', 'huggingface', 'haulyard'];
const OWN_END = sep + OWN_PARTS.join(sep);

/** Returns the cache folder in which a download into a local folder keeps unfinished files. */
export function localCacheDir(folder: string): string {
  return join(resolve(folder), ...OWN_PARTS);
}

/** Returns the local folder that a cache folder belongs to; null for a regular cache. */
export function localFolderOf(cacheDir: string): string | null {
  const root = resolve(cacheDir);
  return root.endsWith(OWN_END) ? root.slice(0, -OWN_END.length) || sep : null;
}

/** True for a path in which a local folder keeps unfinished files. */
export function isInLocalFolder(path: string): boolean {
  return resolve(path).includes(OWN_END + sep);
}

/** Returns where huggingface_hub keeps its metadata about a local folder. */
export function notesFolder(folder: string): string {
  return join(folder, '.cache', 'huggingface');
}

/** Throws `PathUnsafe` for a file of a repository that would be taken for metadata. */
export function refuseNoteName(segments: readonly string[]): void {
  const [first = '', second = ''] = segments.map((segment) => segment.toLowerCase());
  if (first !== '.cache' || second !== 'huggingface') return;
  throw new AppError(
    'PathUnsafe',
    `${JSON.stringify(segments.join('/').slice(0, 300))} is where notes on a folder are kept, so it can’t be a file of the model. Nothing was written.`,
  );
}
