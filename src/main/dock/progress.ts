import type { BuildView } from '../../shared/model/build.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { buildBytes, isBuildActive } from '../../shared/projection/build-totals.ts';
import { isActive } from '../../shared/projection/totals.ts';

/** A download or a build, as far as a bar is concerned. */
export interface DockItem {
  readonly id: string;
  readonly isActive: boolean;
  readonly isWaiting: boolean;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Returns everything the bar may show. */
export function dockItems(
  downloads: readonly DownloadView[],
  builds: readonly BuildView[],
): readonly DockItem[] {
  const isWaiting = ({ state }: { readonly state: string }) => state === 'waiting';
  return [
    ...downloads.map((view) => ({
      id: view.id,
      isActive: isActive(view),
      isWaiting: isWaiting(view),
      doneBytes: view.state === 'ready' ? view.totalBytes : view.receivedBytes,
      totalBytes: view.totalBytes,
    })),
    ...builds.map((build) => {
      const { done, total } = buildBytes(build);
      const active = isBuildActive(build);
      return {
        id: build.id,
        isActive: active,
        isWaiting: isWaiting(build),
        doneBytes: done,
        totalBytes: total,
      };
    }),
  ];
}

/** What one bar covers: what is active, and what ended while something else was. */
export type Batch = ReadonlySet<string>;

/** What the Dock icon or the taskbar button shows. */
export interface DockProgress {
  /** From 0 to 0.99 while something is active; −1 removes the bar. */
  readonly share: number;
  /** `paused` if the system has such a color. */
  readonly mode: 'normal' | 'paused';
  /** Downloads and builds that are active. */
  readonly badge: number;
}

/** The batch continues until nothing is active, so that a download that ends does not move the bar back. */
export function nextBatch(batch: Batch, items: readonly DockItem[]): Batch {
  if (!items.some((item) => item.isActive)) return new Set();
  return new Set(items.filter((item) => item.isActive || batch.has(item.id)).map(({ id }) => id));
}

/** Items of the batch count with their bytes, whatever their state. */
export function dockProgress(batch: Batch, items: readonly DockItem[]): DockProgress {
  const active = items.filter((item) => item.isActive);
  const members = items.filter(({ id }) => batch.has(id));
  const total = members.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const done = members.reduce((sum, { doneBytes }) => sum + doneBytes, 0);
  const isKnown = active.length > 0 && total > 0;
  return {
    // A full bar means verified and installed, and then the bar goes.
    share: isKnown ? Math.min(0.99, done / total) : -1,
    mode: active.every(({ isWaiting }) => isWaiting) ? 'paused' : 'normal',
    badge: active.length,
  };
}
