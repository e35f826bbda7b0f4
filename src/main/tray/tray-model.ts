import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import { percentOf } from '../../shared/format/percent.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { isActive } from '../../shared/projection/totals.ts';
import { headline, phaseOf } from './headline.ts';
import type { Slots } from './slots.ts';

/** One download in the menu. */
export interface TrayRow {
  readonly id: string;
  readonly label: string;
  readonly canPause: boolean;
  readonly canResume: boolean;
}

/** What the menu says. */
export interface TrayModel {
  readonly headline: string;
  /** By slot; null hides it. */
  readonly rows: ReadonlyArray<TrayRow | null>;
  /** Unfinished downloads that have no slot. */
  readonly more: number;
  readonly canPauseAll: boolean;
  readonly canResumeAll: boolean;
  /** Bytes per second; null is none. */
  readonly limit: number | null;
}

/** What a model is made from. */
export interface TrayModelInput {
  readonly state: DownloadsState | null;
  readonly engine: EngineStatus;
  readonly name: (download: DownloadView) => string;
  readonly slots: Slots;
  /** Speed limit in bytes per second; null is none. */
  readonly limit: number | null;
}

/** Downloads that the menu lists: all that are not finished, in the order of the queue. */
export function listedIds(state: DownloadsState | null): readonly string[] {
  return (state?.downloads ?? []).filter(isUnfinished).map(({ id }) => id);
}

export function trayModel({ state, engine, name, slots, limit }: TrayModelInput): TrayModel {
  const downloads = state?.downloads ?? [];
  const unfinished = new Map(downloads.filter(isUnfinished).map((view) => [view.id, view]));
  const rows = slots.map((id) => {
    const view = id === null ? undefined : unfinished.get(id);
    return view === undefined ? null : rowOf(view, name(view));
  });
  const isRunning = engine.state === 'running';
  return {
    headline: headline(state?.downloads ?? null, engine),
    rows,
    more: unfinished.size - rows.filter((row) => row !== null).length,
    canPauseAll: isRunning && downloads.some(isActive),
    canResumeAll: isRunning && downloads.some(canResume),
    limit,
  };
}

function rowOf(view: DownloadView, name: string): TrayRow {
  const phase = phaseOf(view);
  // All bytes may be here and still have to be checked: 100 % is for what is finished.
  const percent = Math.min(99, percentOf(view.receivedBytes, view.totalBytes));
  const share = view.totalBytes > 0 ? [`${percent} %`] : [];
  return {
    id: view.id,
    label: [name, ...share, ...(phase === null ? [] : [phase])].join(' · '),
    canPause: isActive(view),
    canResume: canResume(view),
  };
}

function isUnfinished({ state }: DownloadView): boolean {
  return state !== 'ready';
}

function canResume({ state }: DownloadView): boolean {
  return state === 'paused' || state === 'failed';
}
