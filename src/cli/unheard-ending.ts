import { join } from 'node:path';
import type { DoneEvent, FailedEvent } from '../shared/contract/events.ts';
import type { DownloadView } from '../shared/model/download.ts';

/**
 * Derives the last event of a download that ended without one being received from its state; null when it has not
 * ended. A download missing from the list was dropped. Ready or failed counts under a new owner only (`isNewRun`):
 * under the same one the event arrives.
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
