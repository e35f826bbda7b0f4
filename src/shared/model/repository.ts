import { z } from 'zod';
import { repositoryIdSchema } from './catalog.ts';

/** Kinds of repositories that can be downloaded. */
export const REPOSITORY_TYPES = ['model', 'dataset', 'space'] as const;
export type RepositoryType = (typeof REPOSITORY_TYPES)[number];

/** How the Hub's URLs write the kind: `org/name`, `datasets/org/name`, `spaces/org/name`. */
const PREFIXES: Readonly<Record<RepositoryType, string>> = {
  model: '',
  dataset: 'datasets/',
  space: 'spaces/',
};

/** A repository by its kind and id. */
export interface TypedRepository {
  readonly type: RepositoryType;
  /** `org/name`. */
  readonly id: string;
}

/** Parses kind and id of a repository as written in the Hub's URLs. The id is not checked. */
export function typedRepository(repo: string): TypedRepository {
  const type = REPOSITORY_TYPES.find((each) => each !== 'model' && repo.startsWith(PREFIXES[each]));
  return type === undefined || repo.split('/').length < 3
    ? { type: 'model', id: repo }
    : { type, id: repo.slice(PREFIXES[type].length) };
}

/** Returns a repository as written in the Hub's URLs. */
export function repositoryName({ type, id }: TypedRepository): string {
  return `${PREFIXES[type]}${id}`;
}

/** A repository of any kind, as written in the Hub's URLs; no path tricks. */
export const repositorySchema = z
  .string()
  .refine((repo) => repositoryIdSchema.safeParse(typedRepository(repo).id).success, 'not a repository');
