import type { MadeModel } from './build.ts';
import type { ByteRanges } from './byte-range.ts';
import type { Precision } from './catalog.ts';

/** One snapshot in the cache, whoever put it there. The shape of `list --json`. */
export interface LibraryModel {
  readonly repo: string;
  readonly commit: string;
  /** Bytes of the files of this snapshot. */
  readonly bytes: number;
  /** Bytes that removing it frees: less than `bytes` where files share a content or another snapshot uses it. */
  readonly freeableBytes: number;
  readonly files: number;
  /** False when a link is broken or a partial of this repository is still on disk. */
  readonly complete: boolean;
  /** The snapshot folder. */
  readonly path: string;
  /** Branches and tags that point to it. */
  readonly refs: readonly string[];
  /** Catalog model and variant when the repository is in the catalog. */
  readonly model: string | null;
  readonly variant: string | null;
  /** ISO time of the last deep check of all its files, and its result; null when there was none. */
  readonly verifiedAt: string | null;
  readonly verifiedOk: boolean | null;
}

/** A variant that can be built from another one. */
export interface MakeableHere {
  /** The variant that it is built from. */
  readonly from: Precision;
  readonly outputBytes: number;
  /** True when that one is installed. */
  readonly sourceInstalled: boolean;
}

/** How much of a catalog variant is on this computer. */
export interface VariantPresence {
  readonly model: string;
  readonly variant: string;
  /** Bytes of its files that need not be fetched: finished, or in a partial. */
  readonly presentBytes: number;
  readonly totalBytes: number;
  /** All files are in the cache. */
  readonly installed: boolean;
  /** The snapshot folder when installed. */
  readonly path: string | null;
  /** Its location when it was built here. */
  readonly made: { readonly path: string; readonly bytes: number } | null;
  /** How it could be built here; null when it cannot. */
  readonly makeable: MakeableHere | null;
}

/** A partial file in the cache, ours or another tool's. */
export interface LibraryPartial {
  readonly repo: string;
  readonly path: string;
  /** Bytes it occupies on disk. */
  readonly bytes: number;
  /** Id of the unfinished download that needs it. */
  readonly download: string | null;
}

/** A model that another program keeps, or that is in another cache folder. It is only read, and taken by its hash instead of downloaded. */
export interface ElsewhereModel {
  readonly tool: 'cache' | 'lm-studio' | 'ollama';
  /** As that program names it. */
  readonly name: string;
  /** On the Hub; null where the program does not say. */
  readonly repo: string | null;
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
}

/** Result of the `library.list` command. */
export interface Library {
  readonly models: readonly LibraryModel[];
  readonly partials: readonly LibraryPartial[];
  /** Variants that were built here. */
  readonly made: readonly MadeModel[];
  /** In other cache folders and in those of other tools; absent when there are none. */
  readonly elsewhere?: readonly ElsewhereModel[];
  /** What was skipped or looks damaged, one sentence each. */
  readonly warnings: readonly string[];
  /** Free space on the volume of the cache; absent when it cannot be read. */
  readonly freeBytes?: number;
}

/** Result of the `library.files` command. */
export interface InstalledFiles {
  /** By path; the first 5,000. `bytes` is null for a link to a missing content. */
  readonly files: ReadonlyArray<{ readonly path: string; readonly bytes: number | null }>;
  /** Total number of files. */
  readonly total: number;
}

/** Result for one file of `verify`. */
export interface VerifiedFile {
  readonly path: string;
  /** Null when it could not be checked: no available source knows what its content should be. */
  readonly ok: boolean | null;
  /** Expected hash (or `size N` where only the length is known, or `unknown`). */
  readonly expected: string;
  /** Actual hash (or `size N`, `missing`, or `not checked`). */
  readonly actual: string;
  /** Indices of damaged chunks, where the ledger has the chunk hashes. */
  readonly badChunks: readonly number[];
  /**
   * Wrong parts, by the Hub's own hashes of pieces if it has them, otherwise by the blocks of the ledger; `end` is
   * exclusive.
   */
  readonly badParts?: ByteRanges;
  /** ISO time of this result. */
  readonly checkedAt: string;
}

/** Result of the `library.verify` command. */
export interface VerifyReport {
  readonly files: readonly VerifiedFile[];
  /** False when a file is damaged, else null when one could not be checked. */
  readonly ok: boolean | null;
  /** Why the Hub could not provide the hashes of the unchecked files. */
  readonly uncheckedBecause?: string;
}

/** Result of the `library.remove` command. */
export interface RemoveReport {
  readonly repo: string;
  /** Bytes freed on the volume. */
  readonly freedBytes: number;
  readonly removedSnapshots: number;
}
