import type { Commit, Repository } from '../repositories/repository.ts';
import { COMMIT_DATE } from './entries.ts';

/** Names that `expand` accepts. */
export const EXPANDABLE: ReadonlySet<string> = new Set(
  (
    'author baseModels cardData childrenModelCount config createdAt disabled downloads downloadsAllTime evalResults gated gguf ' +
    'inference inferenceProviderMapping lastModified library_name likes mask_token model-index pipeline_tag private resourceGroup ' +
    'safetensors sha siblings spaces tags transformersInfo trendingScore usedStorage widgetData xetEnabled'
  ).split(' '),
);

/** The names in `expand`, in both spellings; the first unknown one is an error of the caller. */
export function expansion(query: URLSearchParams): { names: readonly string[]; unknown: string | undefined } {
  const names = [...query.getAll('expand'), ...query.getAll('expand[]')];
  return { names, unknown: names.find((name) => !EXPANDABLE.has(name)) };
}

type Facts = Readonly<Record<string, unknown>>;

const known = new WeakMap<Commit, Facts>();

/** Everything the Hub knows about a model at a commit; unknown fields are missing. Files have names only. */
export function modelFacts(repository: Repository, commit: Commit): Facts {
  const facts = known.get(commit) ?? collected(repository, commit);
  known.set(commit, facts);
  return facts;
}

function collected(repository: Repository, commit: Commit): Facts {
  const { id, listed } = repository;
  const files = [...commit.files.values()];
  return {
    _id: repository.internalId,
    id,
    modelId: id,
    author: id.split('/')[0],
    sha: commit.id,
    lastModified: COMMIT_DATE,
    createdAt: COMMIT_DATE,
    private: repository.private,
    gated: repository.gated,
    disabled: repository.disabled,
    downloads: 0,
    downloadsAllTime: (listed.downloads ?? 0) * 12,
    likes: 0,
    trendingScore: 0,
    tags: ['safetensors', 'region:us'],
    cardData: {},
    config: {},
    spaces: [],
    usedStorage: files.reduce((sum, file) => sum + file.size, 0),
    ...baseModels(listed.tags ?? []),
    ...listed,
    siblings: files.map((file) => ({ rfilename: file.path })),
  };
}

/** Only these keys of the facts, and the two that every answer has. */
export function picked(facts: Facts, names: readonly string[]) {
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => name === '_id' || name === 'id' || names.includes(name)),
  );
}

/** The Hub derives the base models from the tags `base_model:RELATION:org/name`. */
function baseModels(tags: readonly string[]): Facts {
  const found = tags.flatMap((tag) => /^base_model:([a-z]+):(.+)$/.exec(tag)?.slice(1, 3) ?? []);
  const [relation] = found;
  if (relation === undefined) return {};
  const models = found.filter((_, index) => index % 2 === 1).map((id) => ({ id }));
  return { baseModels: { relation, models } };
}
