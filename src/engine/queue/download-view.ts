import type { ProgressEvent } from '../../shared/contract/events.ts';
import type { DownloadStats, DownloadView } from '../../shared/model/download.ts';
import type { DownloadCounters, DownloadRow } from '../ledger/downloads.ts';
import { fileView } from './file-progress.ts';
import type { TrackedFile } from './tracked-file.ts';

/** What a view is built from. */
export interface Viewed {
  readonly row: DownloadRow;
  readonly files: readonly TrackedFile[];
  readonly numbers: Omit<ProgressEvent, 'seq' | 'time' | 'files'>;
  readonly stats: DownloadStats;
}

/** Returns the public view of a download. `snapshot` is its folder, which is shown once the download is ready. */
export function downloadView({ row, files, numbers, stats }: Viewed, snapshot: string | null): DownloadView {
  const { id, repo, revision, commit, model, variant, position, error } = row;
  const { event: _event, download: _download, reason, waitReason, wait, retryAt, ...moving } = numbers;
  const isReady = row.state === 'ready';
  return {
    id,
    repo,
    revision,
    commit,
    model,
    variant,
    position,
    error,
    ...moving,
    reason: reason ?? null,
    waitReason: waitReason ?? null,
    wait: wait ?? null,
    retryAt: retryAt ?? null,
    snapshot: isReady ? snapshot : null,
    ...(isReady ? oldestRecord(files) : {}),
    ...(row.options.make === undefined ? {} : { make: row.options.make }),
    stats,
    files: files.map((file) => fileView(file.row, file.progress())),
  };
}

/** Returns the time of the oldest record of a check that this run relied on. */
function oldestRecord(files: readonly TrackedFile[]): { readonly recordedAt?: string } {
  const times = files.flatMap(({ check }) => (check?.check === 'recorded' ? [check.checkedAtMs] : []));
  if (times.length === 0) return {};
  return { recordedAt: new Date(times.reduce((a, b) => Math.min(a, b))).toISOString() };
}

/** Returns what a download cost. `totalBytes` is its size once it is complete, else null. */
export function downloadStats(counters: DownloadCounters, totalBytes: number | null): DownloadStats {
  const { activeMs, retries, afterLastByteMs, ...bytes } = counters;
  return {
    seconds: activeMs / 1000,
    ...(totalBytes === null ? bytes : balanced(bytes, totalBytes)),
    retries,
    secondsAfterLastByte: afterLastByteMs / 1000,
  };
}

type Bytes = Pick<DownloadStats, 'downloadedBytes' | 'rescuedBytes' | 'wastedBytes'>;

/**
 * Balances the counters of a finished download: fetched once + reused = size. A crash can lose bytes that were counted
 * as fetched, or the count of bytes on disk; whatever was fetched beyond the size was fetched again.
 */
function balanced({ downloadedBytes, rescuedBytes, wastedBytes }: Bytes, totalBytes: number): Bytes {
  const reused = Math.min(rescuedBytes, totalBytes);
  const fetched = totalBytes - reused;
  const again = Math.max(wastedBytes, downloadedBytes - fetched);
  return { downloadedBytes: fetched + again, rescuedBytes: reused, wastedBytes: again };
}
