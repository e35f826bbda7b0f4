import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import { percentOf } from '../../shared/format/percent.ts';
import type { BuildView } from '../../shared/model/build.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { buildPercent, isBuildActive, isBuildStopped } from '../../shared/projection/build-totals.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { isActive } from '../../shared/projection/totals.ts';
import { buildPhase, headline, type NameOf, phaseOf } from './headline.ts';
import type { Slots } from './slots.ts';

/** One download or build in the menu. */
export interface TrayRow {
  readonly id: string;
  readonly label: string;
  readonly canPause: boolean;
  readonly canResume: boolean;
}

/** The content of the menu. */
export interface TrayModel {
  readonly headline: string;
  /** By slot; null hides it. */
  readonly rows: ReadonlyArray<TrayRow | null>;
  /** Number of unfinished items without a slot. */
  readonly more: number;
  readonly canPauseAll: boolean;
  readonly canResumeAll: boolean;
  /** Bytes per second; null for none. */
  readonly limit: number | null;
}

/** Inputs of a model. */
export interface TrayModelInput {
  readonly state: DownloadsState | null;
  readonly engine: EngineStatus;
  readonly name: NameOf;
  readonly slots: Slots;
  /** Speed limit in bytes per second; null for none. */
  readonly limit: number | null;
}

/** Returns what the menu lists: unfinished downloads in queue order, and then builds. */
export function listedIds(state: DownloadsState | null): readonly string[] {
  return [...(state?.downloads ?? []), ...(state?.builds ?? [])].filter(isUnfinished).map(({ id }) => id);
}

const NOTHING: Pick<DownloadsState, 'downloads' | 'builds'> = { downloads: [], builds: [] };

export function trayModel({ state, engine, name, slots, limit }: TrayModelInput): TrayModel {
  const { downloads, builds } = state ?? NOTHING;
  const unfinished = new Map<string, TrayRow>([
    ...downloads.filter(isUnfinished).map((view) => [view.id, rowOf(view, name(view))] as const),
    ...builds.filter(isUnfinished).map((build) => [build.id, buildRow(build, name)] as const),
  ]);
  const rows = slots.map((id) => (id === null ? null : (unfinished.get(id) ?? null)));
  const isRunning = engine.state === 'running';
  return {
    headline: headline(state, engine, name),
    rows,
    more: unfinished.size - rows.filter((row) => row !== null).length,
    canPauseAll: isRunning && (downloads.some(isActive) || builds.some(isBuildActive)),
    canResumeAll: isRunning && (downloads.some(canResume) || builds.some(isBuildStopped)),
    limit,
  };
}

function rowOf(view: DownloadView, name: string): TrayRow {
  const phase = phaseOf(view);
  // All bytes may have arrived and still have to be verified: 100 % means finished.
  const percent = Math.min(99, percentOf(view.receivedBytes, view.totalBytes));
  const share = view.totalBytes > 0 ? [`${percent} %`] : [];
  return {
    id: view.id,
    label: [name, ...share, ...(phase === null ? [] : [phase])].join(' · '),
    canPause: isActive(view),
    canResume: canResume(view),
  };
}

function buildRow(build: BuildView, name: NameOf): TrayRow {
  const share = build.sourceBytes > 0 ? [`${buildPercent(build)} %`] : [];
  const label = [name({ ...build, repo: build.source.repo }), ...share, buildPhase(build)];
  return {
    id: build.id,
    label: label.join(' · '),
    canPause: isBuildActive(build),
    canResume: isBuildStopped(build),
  };
}

function isUnfinished({ state }: Pick<DownloadView | BuildView, 'state'>): boolean {
  return state !== 'ready';
}

function canResume({ state }: DownloadView): boolean {
  return state === 'paused' || state === 'failed';
}
