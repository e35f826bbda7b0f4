import type { AddDownload } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { DownloadState } from '../../shared/model/download.ts';

/** What a download has cost so far, over all runs. */
export interface DownloadCounters {
  readonly activeMs: number;
  readonly downloadedBytes: number;
  readonly rescuedBytes: number;
  readonly wastedBytes: number;
  readonly retries: number;
  readonly afterLastByteMs: number;
}

/** One row of `downloads`. */
export interface DownloadRow extends DownloadCounters {
  readonly id: string;
  readonly position: number;
  readonly repo: string;
  readonly revision: string;
  readonly commit: string | null;
  readonly model: string | null;
  readonly variant: string | null;
  readonly endpoint: string;
  readonly cacheDir: string;
  readonly state: DownloadState;
  readonly reason: string | null;
  readonly error: ErrorData | null;
  readonly options: AddDownload;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}
