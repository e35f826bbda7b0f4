import { join, resolve, sep } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';

/**
 * A *local folder* holds the files of one repository as they are, as `hf download --local-dir` makes it. To the engine it is a cache
 * without links whose only snapshot is the folder itself: contents grow in `<folder>/.cache/huggingface/haulyard`, on the same volume, and
 * are moved to their names when they are right. Beside each file stands what huggingface_hub notes of it
 * (`.cache/huggingface/download/<path>.metadata`), so that either tool continues what the other began.
 */
const OWN_PARTS = ['.cache', 'huggingface', 'haulyard'];
const OWN_END = sep + OWN_PARTS.join(sep);

/** The cache folder in which a download into a local folder keeps what is not finished. */
export function localCacheDir(folder: string): string {
  return join(resolve(folder), ...OWN_PARTS);
}

/** The local folder that a cache folder belongs to; null for a cache of the usual kind. */
export function localFolderOf(cacheDir: string): string | null {
  const root = resolve(cacheDir);
  return root.endsWith(OWN_END) ? root.slice(0, -OWN_END.length) || sep : null;
}

/** True for a path in which a local folder keeps what is not finished. */
export function isInLocalFolder(path: string): boolean {
  return resolve(path).includes(OWN_END + sep);
}

/** Where huggingface_hub keeps its notes on a local folder. */
export function notesFolder(folder: string): string {
  return join(folder, '.cache', 'huggingface');
}

/** Throws `PathUnsafe` for a file of a repository that would be taken for a note. */
export function refuseNoteName(segments: readonly string[]): void {
  const [first = '', second = ''] = segments.map((segment) => segment.toLowerCase());
  if (first !== '.cache' || second !== 'huggingface') return;
  throw new AppError(
    'PathUnsafe',
    `${JSON.stringify(segments.join('/').slice(0, 300))} is where notes on a folder are kept, so it can’t be a file of the model. Nothing was written.`,
  );
}
