import type { RepositoryDeclaration } from './declaration.ts';
import { type Repository, repositoryOf } from './repository.ts';

/** The repositories of a Hub. */
export interface RepositoryStore {
  add(declaration: RepositoryDeclaration): Repository;
  find(id: string): Repository | undefined;
  /** The present id behind a former id or one in the wrong case; undefined when there is none. */
  movedTo(id: string): string | undefined;
  all(): Repository[];
}

/** A store with these repositories. A repository of the same id replaces the one before. */
export function repositoryStore(declarations: readonly RepositoryDeclaration[]): RepositoryStore {
  const repositories = new Map<string, Repository>();
  const moved = new Map<string, string>();
  const store: RepositoryStore = {
    add(declaration) {
      const repository = repositoryOf(declaration);
      repositories.set(declaration.id, repository);
      for (const former of [declaration.renamedFrom ?? []].flat())
        moved.set(former.toLowerCase(), declaration.id);
      moved.set(declaration.id.toLowerCase(), declaration.id);
      return repository;
    },
    find: (id) => repositories.get(id),
    movedTo(id) {
      const present = moved.get(id.toLowerCase());
      return present === id ? undefined : present;
    },
    all: () => [...repositories.values()],
  };
  for (const declaration of declarations) store.add(declaration);
  return store;
}
