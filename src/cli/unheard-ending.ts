import { join } from 'node:path';
import type { DoneEvent, FailedEvent } from '../shared/contract/events.ts';
import type { DownloadView } from '../shared/model/download.ts';

/**
 * The last event of a download that ended without one that was heard, as its state tells of it; null when it has not ended. It is gone from
 * the list when somebody dropped it. Ready or failed counts under a new owner only (`isNewRun`): under the same one the event comes.
 */
export function unheardEnding(
  id: string,
  view: DownloadView | undefined,
  isNewRun: boolean,
  nowMs: number,
): DoneEvent | FailedEvent | null {
  const base = { seq: 0, time: new Date(nowMs).toISOString(), download: id };
  if (view === undefined) {
    const message = 'The download was canceled by another program.';
    return { ...base, event: 'failed', code: 'Cancelled', message, retryable: false };
  }
  if (!isNewRun) return null;
  if (view.state === 'failed' && view.error !== null) {
    const { code, message, details, retryable } = view.error;
    return { ...base, event: 'failed', code, message, details, retryable };
  }
  if (view.state !== 'ready' || view.snapshot === null) return null;
  const { snapshot, stats, recordedAt = base.time } = view;
  const files = view.files.map(({ path, size, hash }) => ({
    path,
    blob: join(snapshot, path),
    size,
    hash,
    check: 'recorded' as const,
    checkedAt: recordedAt,
  }));
  return { ...base, event: 'done', snapshot, files, stats };
}
