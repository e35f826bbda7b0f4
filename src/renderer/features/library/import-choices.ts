import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import type { DownloadView } from '../../../shared/model/download.ts';

/** A file that a partial may be a part of. */
export interface ImportChoice {
  /** Unique among the choices. */
  readonly key: string;
  /** Id of the download that lacks the file; null for a file of a model that is not downloaded yet. */
  readonly download: string | null;
  /** Path in the repository. */
  readonly path: string;
  readonly size: number;
}

/** Unfinished files that are at least as large as the partial, the likeliest first. */
export function unfinishedChoices(
  downloads: readonly DownloadView[],
  partial: { readonly path: string; readonly bytes: number },
): readonly ImportChoice[] {
  const choices = downloads
    .filter(({ state }) => state !== 'ready')
    .flatMap(({ id, files }) =>
      files
        .filter(({ installed, size }) => !installed && size >= partial.bytes)
        .map(({ path, size }) => ({ key: `${id} ${path}`, download: id, path, size })),
    );
  return likeliestFirst(choices, partial.path);
}

/** Files of a plan that are not here and are at least as large as the partial, the likeliest first. */
export function planChoices(
  plan: DownloadPlan,
  partial: { readonly path: string; readonly bytes: number },
): readonly ImportChoice[] {
  const choices = plan.files
    .filter(({ present, size }) => !present && size >= partial.bytes)
    .map(({ path, size }) => ({ key: `plan ${path}`, download: null, path, size }));
  return likeliestFirst(choices, partial.path);
}

/** A file whose name, or whose hash, the partial has in its own name, then the larger ones: nobody imports a small file. */
function likeliestFirst(choices: readonly ImportChoice[], partialPath: string): readonly ImportChoice[] {
  const name = baseName(partialPath).toLowerCase();
  const isNamed = (choice: ImportChoice) => name.includes(baseName(choice.path).toLowerCase());
  return [...choices].sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)) || b.size - a.size);
}

/** The last part of a path of any system. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
