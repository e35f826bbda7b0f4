import type { SearchQuery } from '../../../shared/contract/search-commands.ts';
import type { EngineParts, ReadableLedger } from '../../engine-parts.ts';
import type { ListedModel } from '../../hub/models-listing.ts';
import { listLibrary } from '../list-library.ts';

/** Returns what is known without the Hub: the catalog, the library, and results of earlier searches. */
export async function foundHere(
  query: SearchQuery,
  parts: EngineParts,
  ledger: ReadableLedger,
): Promise<readonly ListedModel[]> {
  const { models: cached } = await listLibrary(parts, ledger);
  const catalog = await parts.catalog().catch(() => ({ models: [] }));
  const known = new Map<string, ListedModel>();
  for (const { repo } of cached) known.set(repo, bare(repo));
  for (const model of catalog.models) {
    for (const { repo } of model.variants) {
      known.set(repo, {
        ...bare(repo),
        license: model.license.toLowerCase(),
        tags: model.runtime ? [model.runtime] : [],
      });
    }
  }
  for (const model of await parts.seenModels.all()) known.set(model.repo, model);
  return [...known.values()].filter((model) => fits(model, query)).slice(0, query.limit);
}

function fits(model: ListedModel, { words, author, filters, task }: SearchQuery): boolean {
  const id = model.repo.toLowerCase();
  const has = (filter: string) =>
    model.tags.includes(filter) || model.library === filter || model.task === filter;
  return (
    words
      .trim()
      .toLowerCase()
      .split(/\s+/)
      .every((word) => id.includes(word)) &&
    (author === undefined || model.repo.startsWith(`${author}/`)) &&
    (task === undefined || model.task === task) &&
    filters.every(has)
  );
}

function bare(repo: string): ListedModel {
  return {
    ...{ repo, downloads: null, likes: null, updatedAt: null, task: null, library: null, license: null },
    ...{ gated: false, tags: [], dtypes: null, safetensorsParameters: null, gguf: null, baseModel: null },
  };
}
