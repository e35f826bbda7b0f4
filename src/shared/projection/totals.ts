import type { DownloadState, DownloadView } from '../model/download.ts';

/** All active downloads together, as displayed by menu bar, dock and sidebar. */
export interface Totals {
  /** Downloads that are running, waiting or queued. */
  readonly active: number;
  /** Those of them with bytes moving now. */
  readonly moving: number;
  readonly paused: number;
  readonly bytesPerSecond: number;
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Time until all active ones are complete; null while nothing moves or a size is unknown. */
  readonly etaSeconds: number | null;
}

const ENDED: ReadonlySet<DownloadState> = new Set(['ready', 'failed', 'paused']);

/** True while the engine works on it, or would if it could. */
export function isActive({ state }: Pick<DownloadView, 'state'>): boolean {
  return !ENDED.has(state);
}

/** What another download is fetching is counted there. */
const isCounted = ({ wait }: DownloadView) => wait?.reason !== 'same-file';

export function totalsOf(downloads: readonly DownloadView[]): Totals {
  const active = downloads.filter(isActive);
  const counted = active.filter(isCounted);
  const sum = (of: (view: DownloadView) => number) => counted.reduce((total, view) => total + of(view), 0);
  const bytesPerSecond = sum((view) => view.bytesPerSecond);
  const receivedBytes = sum((view) => view.receivedBytes);
  const totalBytes = sum((view) => view.totalBytes);
  // The rest divided by the speed, as for each of them: adjacent figures must not contradict each other.
  const isKnown = counted.every((view) => view.totalBytes > 0) && counted.some(hasTimeLeft);
  return {
    active: active.length,
    moving: active.filter((view) => view.bytesPerSecond > 0).length,
    paused: downloads.filter((view) => view.state === 'paused').length,
    bytesPerSecond,
    receivedBytes,
    totalBytes,
    etaSeconds: bytesPerSecond > 0 && isKnown ? (totalBytes - receivedBytes) / bytesPerSecond : null,
  };
}

/** The engine reports no remaining time while it does not know the speed yet. */
function hasTimeLeft({ etaSeconds, bytesPerSecond }: DownloadView): boolean {
  return etaSeconds !== null && bytesPerSecond > 0;
}
