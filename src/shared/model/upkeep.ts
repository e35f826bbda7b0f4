import type { ErrorData } from '../contract/errors.ts';
import type { RemoveReport } from './library.ts';

/** Disk usage of one repository. */
export interface RepositoryUsage {
  /** `org/name`; of other kinds with the Hub's prefix: `datasets/org/name`. */
  readonly repo: string;
  /** Bytes on disk, each content once; unfinished files included. */
  readonly bytes: number;
  readonly unfinishedBytes: number;
}

/** Result of the `library.diskUsage` command. Bytes are those that the files occupy. */
export interface DiskUsage {
  readonly cacheDir: string;
  /** The largest first. */
  readonly repositories: readonly RepositoryUsage[];
  readonly totalBytes: number;
  /** Bytes of models that were built here. */
  readonly madeBytes: number;
  /** What `library.prune` would free. */
  readonly prunableBytes: number;
  /** Free space on the volume, and its size; null where it does not report them. */
  readonly freeBytes: number | null;
  readonly volumeBytes: number | null;
}

/**
 * What nothing needs: a revision that no branch or tag names, an unfinished file that no download needs, a finished
 * content that no revision uses, or a link to a missing content.
 */
export const PRUNE_KINDS = ['revision', 'unfinished', 'content', 'link'] as const;
export type PruneKind = (typeof PRUNE_KINDS)[number];

/** One thing that `library.prune` removes. */
export interface PruneItem {
  readonly kind: PruneKind;
  readonly repo: string;
  /** For a revision. */
  readonly commit: string | null;
  readonly path: string;
  /** Bytes that removing it frees, with all other items removed too. */
  readonly bytes: number;
}

/** Something that could not be done, and why. */
export interface Failure {
  /** A reference or a path, as it was given. */
  readonly of: string;
  readonly error: ErrorData;
}

/** Result of the `library.prune` command. */
export interface PruneReport {
  /** What was removed, or would be; the largest first. */
  readonly items: readonly PruneItem[];
  /** Bytes freed, or that would be. */
  readonly freedBytes: number;
  readonly failed: readonly Failure[];
}

/** A file that differs in a newer commit. `size` is that of the newer one; for a removed file its former size. */
export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly size: number;
}

/** How an installed revision compares with its branch on the Hub. */
export interface UpdateCheck {
  readonly repo: string;
  /** The branch or tag that was checked. */
  readonly revision: string;
  /** What is installed. */
  readonly commit: string;
  /** The Hub's commit; null when it did not report it. */
  readonly latestCommit: string | null;
  /** ISO time of the last change on the Hub; null when it does not report it. */
  readonly updatedAt: string | null;
  /** Changes of the files that are followed. Empty for a commit that changed others only. */
  readonly changes: readonly FileChange[];
  /** Bytes that an update downloads: what is on disk already costs nothing. */
  readonly downloadBytes: number;
  /** Why it could not be checked: the repository is gone, or access to it. */
  readonly error: ErrorData | null;
}

/** Result of the `library.outdated` command. */
export interface UpdateReport {
  readonly models: readonly UpdateCheck[];
}

/** Result of the `library.removeSeveral` command. */
export interface RemoveSeveralReport {
  readonly removed: readonly RemoveReport[];
  readonly failed: readonly Failure[];
  readonly freedBytes: number;
}

/** Answer of the `library.relocate` command. */
export interface RelocateReport {
  readonly repo: string;
  /** The repository's folder before and now. */
  readonly from: string;
  readonly to: string;
  /** Bytes that were copied and verified, in this run or an earlier one. */
  readonly bytes: number;
}
