import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import { formatTimeLeft } from '../../shared/format/duration.ts';
import type { BuildView } from '../../shared/model/build.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { isBuildActive } from '../../shared/projection/build-totals.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { isActive, type Totals, totalsOf } from '../../shared/projection/totals.ts';
import { trayWords } from './words.ts';

/** Returns the name of a download or a build. */
export type NameOf = (work: Pick<DownloadView, 'id' | 'model' | 'variant' | 'repo'>) => string;

const SEPARATOR = ' · ';

/** The engine's work as the tray knows it; null before the first snapshot. */
export type Work = Pick<DownloadsState, 'downloads' | 'builds'> | null;

/** Everything in one line: `2 downloads · 6.4 MB/s · 38 min left · making Moshi Q4`. A missing engine comes first. */
export function headline(work: Work, engine: EngineStatus, name: NameOf): string {
  if (engine.state === 'failed' || engine.state === 'restarting') return trayWords.engineStopped;
  if (work === null) return trayWords.starting;
  const { downloads } = work;
  const totals = totalsOf(downloads);
  const made = makingLine(work.builds, name);
  if (totals.active > 0) return [activeLine(downloads, totals), ...made].join(SEPARATOR);
  if (made.length > 0) return capitalized(made.join(SEPARATOR));
  if (totals.paused > 0) return [trayWords.downloads(totals.paused), trayWords.paused].join(SEPARATOR);
  const failed = downloads.filter(({ state }) => state === 'failed').length;
  return failed > 0 ? [trayWords.downloads(failed), trayWords.failed].join(SEPARATOR) : trayWords.noDownloads;
}

/** The build that runs, or the next one; nothing when all have ended. */
function makingLine(builds: readonly BuildView[], name: NameOf): string[] {
  const active = builds.filter(isBuildActive);
  const shown = active.find(({ state }) => state !== 'queued') ?? active[0];
  if (shown === undefined) return [];
  const left = shown.etaSeconds === null ? [] : [formatTimeLeft(shown.etaSeconds)];
  const phase = shown.state === 'waiting' ? [buildPhase(shown)] : left;
  return [trayWords.makingModel(name({ ...shown, repo: shown.source.repo })), ...phase];
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Returns what a build does. */
export function buildPhase({ state, waitReason }: Pick<BuildView, 'state' | 'waitReason'>): string {
  if (state === 'waiting' && waitReason !== null) return trayWords.buildWaitsFor[waitReason];
  return trayWords.buildStates[state];
}

function activeLine(downloads: readonly DownloadView[], totals: Totals): string {
  const count = trayWords.downloads(totals.active);
  if (totals.bytesPerSecond === 0) return [count, quietReason(downloads)].join(SEPARATOR);
  const parts = [count, trayWords.speed(totals.bytesPerSecond)];
  return [...parts, ...(totals.etaSeconds === null ? [] : [formatTimeLeft(totals.etaSeconds)])].join(
    SEPARATOR,
  );
}

/** Returns why nothing moves, from the first download in the queue with a reason. */
function quietReason(downloads: readonly DownloadView[]): string {
  const first = downloads.find((view) => isActive(view) && view.state !== 'queued');
  return first === undefined ? trayWords.queued : (phaseOf(first) ?? trayWords.speed(0));
}

/** Returns what a download does when it is not just downloading; null when it is. */
export function phaseOf({ state, waitReason }: Pick<DownloadView, 'state' | 'waitReason'>): string | null {
  switch (state) {
    case 'downloading':
    case 'ready':
      return null;
    case 'waiting':
      return waitReason === null ? trayWords.waiting : trayWords.waitingFor[waitReason];
    case 'resolving':
      return trayWords.preparing;
    case 'queued':
    case 'verifying':
    case 'installing':
    case 'repairing':
    case 'paused':
    case 'failed':
      return trayWords[state];
  }
}

/** Returns the text next to the icon while bytes move, else empty: a menu bar is no place for zeros. */
export function trayTitle(work: Work): string {
  const { bytesPerSecond } = totalsOf(work?.downloads ?? []);
  return bytesPerSecond > 0 ? trayWords.speed(bytesPerSecond) : '';
}

/** What the icon shows. */
export type TrayState = 'idle' | 'active' | 'paused';

/** `paused` only when there is something to resume and nothing else runs. */
export function trayState(work: Work): TrayState {
  const { active, paused } = totalsOf(work?.downloads ?? []);
  const builds = work?.builds ?? [];
  if (active > 0 || builds.some(isBuildActive)) return 'active';
  return paused > 0 || builds.some(({ state }) => state === 'paused') ? 'paused' : 'idle';
}
