import type { SearchQuery } from '../../../shared/contract/search-commands.ts';
import type { SearchSort } from '../../../shared/model/search.ts';
import type { Endpoint } from '../endpoint.ts';

/** Named as in `list_models` of huggingface_hub, which sorts in descending order by default. */
const SORTS: Readonly<Record<SearchSort, string>> = {
  downloads: 'downloads',
  likes: 'likes',
  modified: 'lastModified',
  trending: 'trendingScore',
};

/** The fields read of each model, in the order in which official clients were recorded to request them. */
const EXPAND = [
  ...['baseModels', 'createdAt', 'downloads', 'gated', 'gguf', 'lastModified', 'library_name', 'likes'],
  ...['pipeline_tag', 'safetensors', 'tags', 'usedStorage'],
];

/**
 * Returns the URL of a page of models (huggingface_hub, hf_api.py `list_models`). `brief` omits `expand`, for servers
 * that do not know all of its names. A cursor is the query of the next page; only its values are used, never its host
 * or path.
 */
export function searchUrl(endpoint: Endpoint, query: SearchQuery, brief: boolean): URL {
  const url = new URL(`${endpoint.url}/api/models`);
  if (query.cursor !== undefined) {
    url.search = new URLSearchParams(query.cursor).toString();
    return url;
  }
  const words = query.words.trim().replace(/\s+/g, ' ');
  const values: ReadonlyArray<readonly [string, string]> = [
    ...query.filters.map((filter) => ['filter', filter] as const),
    ...(query.author === undefined ? [] : [['author', query.author] as const]),
    ...(query.task === undefined ? [] : [['pipeline_tag', query.task] as const]),
    ...(words === '' ? [] : [['search', words] as const]),
    ['sort', SORTS[query.sort]],
    ['limit', String(query.limit)],
    ...(brief ? [['full', 'true'] as const] : EXPAND.map((name) => ['expand', name] as const)),
  ];
  url.search = new URLSearchParams(values.map(([name, value]): [string, string] => [name, value])).toString();
  return url;
}
