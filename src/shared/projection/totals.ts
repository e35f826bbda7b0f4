import type { DownloadState, DownloadView } from '../model/download.ts';

/** All active downloads together, as menu bar, dock and sidebar show them. */
export interface Totals {
  /** Downloads that are running, waiting or queued. */
  readonly active: number;
  /** Those of them in which bytes move now. */
  readonly moving: number;
  readonly paused: number;
  readonly bytesPerSecond: number;
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Time until all active ones are there; null while nothing moves or a size is unknown. Of one download it is that download's own. */
  readonly etaSeconds: number | null;
}

const ENDED: ReadonlySet<DownloadState> = new Set(['ready', 'failed', 'paused']);

/** True while the engine works on it, or would if it could. */
export function isActive({ state }: Pick<DownloadView, 'state'>): boolean {
  return !ENDED.has(state);
}

/**
 * The speed at which a download reckons itself: its rest over its time left. It is at most the speed that is shown, and two
 * figures beside each other must not contradict each other.
 */
function paceOf({ totalBytes, receivedBytes, etaSeconds }: DownloadView): number {
  return etaSeconds ? (totalBytes - receivedBytes) / etaSeconds : 0;
}

export function totalsOf(downloads: readonly DownloadView[]): Totals {
  const active = downloads.filter(isActive);
  const sum = (of: (view: DownloadView) => number) => active.reduce((total, view) => total + of(view), 0);
  const bytesPerSecond = sum((view) => view.bytesPerSecond);
  const receivedBytes = sum((view) => view.receivedBytes);
  const totalBytes = sum((view) => view.totalBytes);
  const pace = sum(paceOf);
  const isSizeKnown = active.every((view) => view.totalBytes > 0);
  return {
    active: active.length,
    moving: active.filter((view) => view.bytesPerSecond > 0).length,
    paused: downloads.filter((view) => view.state === 'paused').length,
    bytesPerSecond,
    receivedBytes,
    totalBytes,
    etaSeconds: pace > 0 && isSizeKnown ? (totalBytes - receivedBytes) / pace : null,
  };
}
