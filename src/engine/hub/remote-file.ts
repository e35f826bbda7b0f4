import type { HashAlgorithm } from '../../shared/model/download.ts';

/** One file of a repository at a commit, as described by the Hub. */
export interface RemoteFile {
  /** Path inside the repository, as the server wrote it: check it with `checkFilePath` when it is selected. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex: 64 digits for `sha256` (LFS files), 40 for `git-sha1` (small files). */
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
}

/** A repository, pinned to a commit. */
export interface RepositoryInfo {
  /** The requested name; a renamed repository keeps the name the user knows. */
  readonly repo: string;
  /** 40 hex digits. Every later request uses it, so that a moving branch cannot mix two versions. */
  readonly commit: string;
  readonly gated: boolean;
  /**
   * True when anybody may read it: the response came without a token and names no gate, or it came with one and states
   * that the repository is neither private nor gated.
   */
  readonly isPublic: boolean;
  /** ISO time of the last change; null when the Hub does not report it. */
  readonly updatedAt: string | null;
  readonly files: readonly RemoteFile[];
}

/** Where the bytes of a file can be fetched right now. */
export interface ContentLocation {
  /** May be signed: keep it in memory only, never in a log, a message or the ledger. */
  readonly url: string;
  /** When a signed URL expires, in milliseconds since 1970; null when unknown. */
  readonly expiresAtMs: number | null;
  /** Bytes; null when the response does not contain it. */
  readonly size: number | null;
  /** 40 or 64 hex digits; null when the response does not contain it. */
  readonly hash: string | null;
  readonly commit: string | null;
  /** Null for a file that is not in Xet storage. */
  readonly xet: XetAnnouncement | null;
}

/** The Xet data of a file, in the same response. */
export interface XetAnnouncement {
  /** `X-Xet-Hash`: 64 hex digits in the string form of Xet, lower case. */
  readonly hash: string;
  /** URL of an access token (`Link` with `rel="xet-auth"`, or `X-Xet-Refresh-Route`), on the configured Hub. */
  readonly tokenUrl: string;
  /** URL of the file's reconstruction (`rel="xet-reconstruction-info"`); null when the response does not contain it. */
  readonly reconstructionUrl: string | null;
}

/** A file to locate. */
export interface FileAtCommit {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
}
