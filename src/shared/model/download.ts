import type { ErrorData } from '../contract/errors.ts';
import type { Precision } from './catalog.ts';
import type { SourceSpeed } from './transport.ts';
import type { Wait, WaitReason } from './wait.ts';

/** Life cycle of a download (docs/architecture.md has the diagram). */
export const DOWNLOAD_STATES = [
  'queued',
  'resolving',
  'downloading',
  'verifying',
  'installing',
  'repairing',
  'ready',
  'paused',
  'waiting',
  'failed',
] as const;
export type DownloadState = (typeof DOWNLOAD_STATES)[number];

/** How the number of streams is chosen: by measuring, or for a fast, weak or very weak network. */
export const PROFILES = ['auto', 'fast', 'weak', 'very-weak'] as const;
export type Profile = (typeof PROFILES)[number];

/** The hash by which the Hub names a content. `git-sha1` hashes `blob <size>\0` and the content. */
export type HashAlgorithm = 'sha256' | 'git-sha1';

/**
 * Where bytes came from that did not have to be fetched: an earlier run, a finished copy, another tool's partial, or
 * other files of the cache that share bytes with this one.
 */
export type RescueSource = 'ledger' | 'cache' | 'partial' | 'similar';

/**
 * How a file's bytes are known to be correct: they were hashed now; they were hashed at `checkedAt` (ISO time) and the
 * file is unchanged since; or it is not known.
 */
export type FileCheck =
  | { readonly check: 'hashed' }
  | { readonly check: 'recorded'; readonly checkedAt: string }
  | { readonly check: 'none' };

/** One file of a download. */
export interface FileView {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
  /** Bytes on this disk, whatever their source. */
  readonly receivedBytes: number;
  /** Bytes in chunks whose hash is recorded, or all of them once the file is installed. */
  readonly verifiedBytes: number;
  readonly chunksDone: number;
  readonly chunksTotal: number;
  readonly installed: boolean;
}

/** One download as every projection (terminal, tray, window) shows it. */
export interface DownloadView {
  readonly id: string;
  readonly repo: string;
  readonly revision: string;
  /** 40 hex digits, null until the revision was resolved. */
  readonly commit: string | null;
  /** Catalog model and variant, null for a plain repository. */
  readonly model: string | null;
  readonly variant: string | null;
  readonly state: DownloadState;
  /** Sentence for `waiting` and `failed`, else null; for logs and `--json`. */
  readonly reason: string | null;
  /** It was active when its engine ended, and no engine runs it now; reported by readers only. */
  readonly isInterrupted?: boolean;
  readonly waitReason: WaitReason | null;
  /** Why it does not progress, as facts: while it waits, and while connections are open on which nothing arrives. */
  readonly wait: Wait | null;
  /** ISO time of the next attempt, when one is planned. */
  readonly retryAt: string | null;
  readonly error: ErrorData | null;
  readonly position: number;
  readonly receivedBytes: number;
  readonly verifiedBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  /** Null while unknown or stalled. */
  readonly etaSeconds: number | null;
  readonly chunksDone: number;
  readonly chunksTotal: number;
  readonly streams: number;
  /** Who brings the bytes, and the peers that did; absent while there is nobody. */
  readonly sources?: readonly SourceSpeed[];
  /** The snapshot folder once ready. */
  readonly snapshot: string | null;
  /**
   * ISO time of the earliest check that the last run relied on instead of hashing a file again, because the file was
   * unchanged since; absent when that run hashed everything.
   */
  readonly recordedAt?: string;
  /** The variant to build from it when it is ready; absent when none is. */
  readonly make?: Precision;
  readonly stats: DownloadStats;
  readonly files: readonly FileView[];
}

/** What a download cost. */
export interface DownloadStats {
  /** Time in which it was active, over all runs. */
  readonly seconds: number;
  readonly downloadedBytes: number;
  readonly rescuedBytes: number;
  /** Bytes fetched more than once. */
  readonly wastedBytes: number;
  readonly retries: number;
  /** From the last byte received to `done`. */
  readonly secondsAfterLastByte: number;
}
