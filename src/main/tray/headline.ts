import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import { formatTimeLeft } from '../../shared/format/duration.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { isActive, type Totals, totalsOf } from '../../shared/projection/totals.ts';
import { trayWords } from './words.ts';

const SEPARATOR = ' · ';

/** All downloads in one line: `2 downloads · 6.4 MB/s · 38 min left`. The engine comes first when it is not there. */
export function headline(downloads: readonly DownloadView[] | null, engine: EngineStatus): string {
  if (engine.state === 'failed' || engine.state === 'restarting') return trayWords.engineStopped;
  if (downloads === null) return trayWords.starting;
  const totals = totalsOf(downloads);
  if (totals.active > 0) return activeLine(downloads, totals);
  if (totals.paused > 0) return [trayWords.downloads(totals.paused), trayWords.paused].join(SEPARATOR);
  const failed = downloads.filter(({ state }) => state === 'failed').length;
  return failed > 0 ? [trayWords.downloads(failed), trayWords.failed].join(SEPARATOR) : trayWords.noDownloads;
}

function activeLine(downloads: readonly DownloadView[], totals: Totals): string {
  const count = trayWords.downloads(totals.active);
  if (totals.bytesPerSecond === 0) return [count, quietReason(downloads)].join(SEPARATOR);
  const parts = [count, trayWords.speed(totals.bytesPerSecond)];
  return [...parts, ...(totals.etaSeconds === null ? [] : [formatTimeLeft(totals.etaSeconds)])].join(
    SEPARATOR,
  );
}

/** Why nothing moves, from the first download in the queue that says so. */
function quietReason(downloads: readonly DownloadView[]): string {
  const first = downloads.find((view) => isActive(view) && view.state !== 'queued');
  return first === undefined ? trayWords.queued : (phaseOf(first) ?? trayWords.speed(0));
}

/** What a download does when it is not just downloading; null when it is. */
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

/** The text beside the icon while bytes move, else empty: a menu bar is no place for zeros. */
export function trayTitle(downloads: readonly DownloadView[] | null): string {
  const { bytesPerSecond } = totalsOf(downloads ?? []);
  return bytesPerSecond > 0 ? trayWords.speed(bytesPerSecond) : '';
}

/** What the icon shows. */
export type TrayState = 'idle' | 'active' | 'paused';

/** `paused` only when there is something to go on with and nothing else going on. */
export function trayState(downloads: readonly DownloadView[] | null): TrayState {
  const { active, paused } = totalsOf(downloads ?? []);
  if (active > 0) return 'active';
  return paused > 0 ? 'paused' : 'idle';
}
