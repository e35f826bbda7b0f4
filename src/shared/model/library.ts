/** One snapshot in the cache, whoever put it there. Shape of `list --json`. */
export interface LibraryModel {
  readonly repo: string;
  readonly commit: string;
  /** Bytes of the files of this snapshot. */
  readonly bytes: number;
  readonly files: number;
  /** False when a link is broken or a partial of this repository is still on disk. */
  readonly complete: boolean;
  /** The snapshot folder. */
  readonly path: string;
  /** Branches and tags that point here. */
  readonly refs: readonly string[];
  /** Catalog model and variant when the repository is in the catalog. */
  readonly model: string | null;
  readonly variant: string | null;
}

/** A partial file in the cache, ours or another tool's. */
export interface LibraryPartial {
  readonly repo: string;
  readonly path: string;
  /** Bytes it occupies on disk. */
  readonly bytes: number;
}

/** Answer of the `library.list` command. */
export interface Library {
  readonly models: readonly LibraryModel[];
  readonly partials: readonly LibraryPartial[];
  /** What was skipped or looks damaged, one sentence each. */
  readonly warnings: readonly string[];
}

/** Result for one file of `verify`. */
export interface VerifiedFile {
  readonly path: string;
  readonly ok: boolean;
  /** Hash the content must have (or `size N` where only the length is known). */
  readonly expected: string;
  /** Hash the content has (or `size N`, or `missing`). */
  readonly actual: string;
  /** Indices of damaged chunks, where the ledger knows the chunk hashes. */
  readonly badChunks: readonly number[];
}

/** Answer of the `library.verify` command. */
export interface VerifyReport {
  readonly files: readonly VerifiedFile[];
  readonly ok: boolean;
}

/** Answer of the `library.remove` command. */
export interface RemoveReport {
  readonly repo: string;
  /** Bytes given back to the volume. */
  readonly freedBytes: number;
  readonly removedSnapshots: number;
}
