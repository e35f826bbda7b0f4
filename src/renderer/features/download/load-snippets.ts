import { fillSnippet } from '../../../shared/format/snippet.ts';
import type { CatalogModel, Precision } from '../../../shared/model/catalog.ts';

/** A separate list: importing the catalog's would pull the schema library into the page. */
const PRECISIONS: readonly Precision[] = ['bf16', 'q8', 'q4'];

/** Code that loads a model on this disk, ready to paste. Null when there is none. */
export interface LoadSnippets {
  readonly python: string | null;
  readonly cli: string | null;
}

/** What {@link loadSnippets} needs to know about the model. */
export interface Installed {
  readonly repo: string;
  /** The snapshot folder. */
  readonly path: string;
  readonly model: string | null;
  readonly variant: string | null;
}

/**
 * Returns the catalog's snippets with the values of this model. A repository that is not in the catalog gets the
 * snippet that works for every one: it is found in the cache without asking the Hub.
 */
export function loadSnippets(installed: Installed, models: readonly CatalogModel[]): LoadSnippets {
  const { repo, path } = installed;
  const known = models.find(({ id }) => id === installed.model);
  const variant = PRECISIONS.find((id) => id === installed.variant);
  if (!known || !variant) return { python: anyModel(repo), cli: null };
  const fill = (template: string | undefined) =>
    template === undefined ? null : fillSnippet(template, { repo, path, variant });
  return { python: fill(known.snippets.python) ?? anyModel(repo), cli: fill(known.snippets.cli) };
}

function anyModel(repo: string): string {
  return [
    'from huggingface_hub import snapshot_download',
    '',
    `path = snapshot_download(${JSON.stringify(repo)}, local_files_only=True)`,
  ].join('\n');
}
