import type { WindowReport } from '../../shared/contract/app-commands.ts';
import type { BuildView } from '../../shared/model/build.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { isBuildActive, isBuildStopped } from '../../shared/projection/build-totals.ts';
import { isActive } from '../../shared/projection/totals.ts';

/** The changing properties of an item. */
export interface MenuItemState {
  readonly enabled?: boolean;
  readonly visible?: boolean;
}

/** What the menu bar depends on. */
export interface MenuFacts {
  readonly downloads: readonly DownloadView[];
  readonly builds: readonly Pick<BuildView, 'state'>[];
  readonly isEngineRunning: boolean;
  readonly page: WindowReport;
}

/**
 * Returns the current state of each changing item, by its id. Labels of a menu bar cannot change once it is created:
 * where one would, there are two items, one of them visible.
 */
export function menuState({
  downloads,
  builds,
  isEngineRunning,
  page,
}: MenuFacts): ReadonlyMap<string, MenuItemState> {
  const selected = isEngineRunning ? downloads.find(({ id }) => id === page.selected) : undefined;
  const isResting = selected?.state === 'paused' || selected?.state === 'failed';
  const isUnfinished = selected !== undefined && selected.state !== 'ready';
  const can = (step: -1 | 1) => selected !== undefined && movedTo(downloads, selected.id, step) !== null;
  return new Map<string, MenuItemState>([
    ['show-inspector', { visible: !page.isInspectorOpen }],
    ['hide-inspector', { visible: page.isInspectorOpen }],
    ['show-sidebar', { visible: !page.isSidebarShown }],
    ['hide-sidebar', { visible: page.isSidebarShown }],
    ['pause-selected', { visible: !isResting, enabled: isUnfinished }],
    ['resume-selected', { visible: isResting, enabled: isResting }],
    ['start-selected', { enabled: selected !== undefined && canStartNow(selected) }],
    ['move-up', { enabled: can(-1) }],
    ['move-down', { enabled: can(1) }],
    ['pause-all', { enabled: isEngineRunning && (downloads.some(isActive) || builds.some(isBuildActive)) }],
    [
      'resume-all',
      { enabled: isEngineRunning && (downloads.some(canResume) || builds.some(isBuildStopped)) },
    ],
    ['clear-finished', { enabled: isEngineRunning && downloads.some(({ state }) => state === 'ready') }],
  ]);
}

/**
 * Returns the queue position to which one step moves a download; null when there is no further step. Finished ones keep
 * their positions, and are skipped.
 */
export function movedTo(downloads: readonly DownloadView[], id: string, step: -1 | 1): number | null {
  const from = downloads.findIndex((view) => view.id === id);
  if (from < 0 || downloads[from]?.state === 'ready') return null;
  for (let at = from + step; at >= 0 && at < downloads.length; at += step) {
    if (downloads[at]?.state !== 'ready') return at;
  }
  return null;
}

function canStartNow({ state, wait }: DownloadView): boolean {
  return state === 'queued' || state === 'paused' || wait?.reason === 'schedule';
}

function canResume({ state }: DownloadView): boolean {
  return state === 'paused' || state === 'failed';
}
