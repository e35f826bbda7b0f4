import { createHash } from 'node:crypto';
import type { CommitDeclaration, Gated, RepositoryDeclaration } from './declaration.ts';
import { type HubFile, hubFile } from './hub-file.ts';
import type { ListedFacts } from './listed-facts.ts';

/** A commit and its files, in declared order. */
export interface Commit {
  readonly id: string;
  readonly files: ReadonlyMap<string, HubFile>;
}

/** A repository that can be served. */
export interface Repository {
  readonly id: string;
  /** 24 hex digits, the id that the Hub uses inside. */
  readonly internalId: string;
  readonly gated: Gated;
  readonly private: boolean;
  readonly disabled: boolean;
  readonly listed: ListedFacts;
  readonly commits: ReadonlyMap<string, Commit>;
  readonly branches: Map<string, string>;
}

/** Builds a repository. Throws when a branch points to no commit or a commit id is not 40 hex digits. */
export function repositoryOf(declaration: RepositoryDeclaration): Repository {
  const commits = new Map<string, Commit>();
  for (const [index, commit] of commitsOf(declaration).entries()) {
    const id = commit.id ?? hex(`${declaration.id}#${index}`, 40);
    if (!/^[0-9a-f]{40}$/.test(id))
      throw new RangeError(`Commit "${id}" of ${declaration.id} is not 40 hex digits.`);
    commits.set(id, { id, files: new Map(commit.files.map((file) => [file.path, hubFile(file)])) });
  }
  const last = [...commits.keys()].at(-1);
  if (last === undefined) throw new RangeError(`${declaration.id} has no commit.`);
  const repository: Repository = {
    id: declaration.id,
    internalId: hex(declaration.id, 24),
    gated: declaration.gated ?? false,
    private: declaration.private ?? false,
    disabled: declaration.disabled ?? false,
    listed: declaration.listed ?? {},
    commits,
    branches: new Map(),
  };
  for (const [branch, commit] of Object.entries(declaration.branches ?? { main: last })) {
    moveBranch(repository, branch, commit);
  }
  return repository;
}

/** Lets a branch point to another commit. Throws when the repository has no such commit. */
export function moveBranch(repository: Repository, branch: string, commit: string): void {
  if (!repository.commits.has(commit)) throw new RangeError(`${repository.id} has no commit ${commit}.`);
  repository.branches.set(branch, commit);
}

/** The commit behind a branch, a tag, `HEAD`, a commit id or its first seven or more digits. */
export function findCommit(repository: Repository, revision: string): Commit | undefined {
  const branch = revision === 'HEAD' ? 'main' : revision;
  const id = repository.branches.get(branch) ?? revision;
  const exact = repository.commits.get(id);
  if (exact !== undefined || !/^[0-9a-f]{7,39}$/.test(id)) return exact;
  return [...repository.commits.values()].find((commit) => commit.id.startsWith(id));
}

function commitsOf(declaration: RepositoryDeclaration): readonly CommitDeclaration[] {
  if (declaration.commits !== undefined) return declaration.commits;
  const { commit, files = [] } = declaration;
  return [commit === undefined ? { files } : { id: commit, files }];
}

function hex(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
