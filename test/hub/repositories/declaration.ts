import type { ContentSource } from '../content/source.ts';
import type { XetDeclaration } from '../xet/declaration.ts';
import type { ListedFacts } from './listed-facts.ts';

/** A file of a repository: its path, whether it is kept in LFS, and where its bytes come from. */
export type FileDeclaration = ContentSource & {
  readonly path: string;
  /** True: named by SHA-256 and served by the CDN. False or absent: named by git SHA-1 and served by the Hub. */
  readonly lfs?: boolean;
  /** The hash, where it is known beforehand: SHA-256 of an LFS file, git blob id otherwise. Computed when absent. */
  readonly hash?: string;
  /** How an LFS file lies in Xet storage; absent when it does not. */
  readonly xet?: XetDeclaration;
};

/** The state of a repository at one commit. */
export interface CommitDeclaration {
  /** 40 hex digits; derived from the repository's id and the position when absent. */
  readonly id?: string;
  readonly files: readonly FileDeclaration[];
}

/** Who may read a repository: `auto` and `manual` need a token with a grant. */
export type Gated = false | 'auto' | 'manual';

/** A repository as a test writes it down. */
export interface RepositoryDeclaration {
  /** `org/name`. */
  readonly id: string;
  /** The files of the only commit; leave it out when `commits` are given. */
  readonly files?: readonly FileDeclaration[];
  /** Id of the only commit, 40 hex digits. */
  readonly commit?: string;
  readonly commits?: readonly CommitDeclaration[];
  /** Branch, tag or `refs/pr/N` → commit id. Default: `main` at the last commit. */
  readonly branches?: Readonly<Record<string, string>>;
  readonly gated?: Gated;
  /** Seen only by tokens with a grant; for others it does not exist. */
  readonly private?: boolean;
  readonly disabled?: boolean;
  /** The Hub's data about the model besides its files. */
  readonly listed?: ListedFacts;
  /** Former ids, answered with a redirect. */
  readonly renamedFrom?: string | readonly string[];
}

/** A token that the Hub accepts. */
export interface TokenDeclaration {
  /** User name behind the token. */
  readonly name?: string;
  /** What the token may do; `read` when absent. */
  readonly role?: 'read' | 'write' | 'fineGrained';
  /** Ids of the gated and private repositories it may read, or all of them. */
  readonly grants: readonly string[] | 'all';
}
