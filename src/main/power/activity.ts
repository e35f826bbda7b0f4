import type { BuildState, BuildView } from '../../shared/model/build.ts';
import type { DownloadState, DownloadView } from '../../shared/model/download.ts';
import { isActive } from '../../shared/projection/totals.ts';

/** States in which bytes are read from disk or written there, even if none arrive from the network. */
const DISK_WORK: ReadonlySet<DownloadState> = new Set(['verifying', 'installing', 'repairing']);

/** States in which a build reads or writes. */
const BUILDING: ReadonlySet<BuildState> = new Set(['planning', 'making', 'verifying', 'installing']);

/**
 * True while bytes move: only then the computer is kept from sleeping. A stalled download is no reason to drain a
 * battery.
 */
export function doBytesMove(
  downloads: readonly DownloadView[],
  builds: readonly Pick<BuildView, 'state'>[],
): boolean {
  const isMoving = (view: DownloadView) =>
    DISK_WORK.has(view.state) || (view.state === 'downloading' && view.bytesPerSecond > 0);
  return downloads.some(isMoving) || builds.some(({ state }) => BUILDING.has(state));
}

/** True when a download would progress if the network were better. */
export function isLineWanted(downloads: readonly DownloadView[]): boolean {
  return downloads.some((view) => {
    if (view.state === 'waiting') return view.waitReason !== 'disk' && view.waitReason !== 'volume';
    return (
      isActive(view) &&
      (view.state === 'downloading' || view.state === 'resolving') &&
      view.bytesPerSecond === 0
    );
  });
}
