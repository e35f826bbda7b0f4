import type { DownloadView } from '../../shared/model/download.ts';
import { isActive } from '../../shared/projection/totals.ts';

/** Downloads that are shown by one bar: those that are active, and those that ended while others were. */
export type Batch = ReadonlySet<string>;

/** What the Dock icon or the taskbar button shows. */
export interface DockProgress {
  /** From 0 to 0.99 while something is active; −1 takes the bar away. */
  readonly share: number;
  /** `paused` where the system has such a colour. */
  readonly mode: 'normal' | 'paused';
  /** Downloads that are active. */
  readonly badge: number;
}

/** The batch goes on until nothing is active, so that a download that ends does not throw the bar back. */
export function nextBatch(batch: Batch, downloads: readonly DownloadView[]): Batch {
  if (!downloads.some(isActive)) return new Set();
  return new Set(downloads.filter((view) => isActive(view) || batch.has(view.id)).map(({ id }) => id));
}

/** `downloads` of the batch count with their bytes, whatever their state. */
export function dockProgress(batch: Batch, downloads: readonly DownloadView[]): DockProgress {
  const active = downloads.filter(isActive);
  const members = downloads.filter(({ id }) => batch.has(id));
  const total = members.reduce((sum, view) => sum + view.totalBytes, 0);
  const received = members.reduce((sum, view) => sum + bytesHere(view), 0);
  const isKnown = active.length > 0 && total > 0;
  return {
    // Full is for what is checked and in its place, and then the bar goes.
    share: isKnown ? Math.min(0.99, received / total) : -1,
    mode: active.every(({ state }) => state === 'waiting') ? 'paused' : 'normal',
    badge: active.length,
  };
}

function bytesHere({ state, totalBytes, receivedBytes }: DownloadView): number {
  return state === 'ready' ? totalBytes : receivedBytes;
}
