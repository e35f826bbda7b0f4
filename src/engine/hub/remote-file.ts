import type { HashAlgorithm } from '../../shared/model/download.ts';

/** One file of a repository at a commit, as the Hub describes it. */
export interface RemoteFile {
  /** Path inside the repository, as the server wrote it: check it with `checkFilePath` when it is chosen. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex: 64 digits for `sha256` (LFS files), 40 for `git-sha1` (small files). */
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
}

/** A repository, pinned to a commit. */
export interface RepositoryInfo {
  /** As it was asked for; a renamed repository keeps the name the user knows. */
  readonly repo: string;
  /** 40 hex digits. Every later request uses it, so that a moving branch cannot mix two versions. */
  readonly commit: string;
  readonly gated: boolean;
  /**
   * True when anybody may read it: the answer came without a token and names no gate, or it came with one and says that the repository
   * is neither private nor gated.
   */
  readonly isPublic: boolean;
  /** ISO time of the last change; null where the Hub does not say. */
  readonly updatedAt: string | null;
  readonly files: readonly RemoteFile[];
}

/** Where the bytes of a file can be fetched right now. */
export interface ContentLocation {
  /** May be signed: keep it in memory only, never in a log, a message or the ledger. */
  readonly url: string;
  /** When a signed URL ends, in milliseconds since 1970; null when it does not say. */
  readonly expiresAtMs: number | null;
  /** Bytes; null when the answer does not say. */
  readonly size: number | null;
  /** 40 or 64 hex digits; null when the answer does not say. */
  readonly hash: string | null;
  readonly commit: string | null;
  /** Null for a file that is not in Xet storage. */
  readonly xet: XetAnnouncement | null;
}

/** What the Hub says of a file in Xet storage, in the same answer. */
export interface XetAnnouncement {
  /** `X-Xet-Hash`: 64 hex digits in the string form of Xet, lower case. */
  readonly hash: string;
  /** Where to get an access token (`Link` with `rel="xet-auth"`, or `X-Xet-Refresh-Route`), on the configured Hub. */
  readonly tokenUrl: string;
  /** Where the file's reconstruction is (`rel="xet-reconstruction-info"`); null when the answer does not say. */
  readonly reconstructionUrl: string | null;
}

/** A file to locate. */
export interface FileAtCommit {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
}
