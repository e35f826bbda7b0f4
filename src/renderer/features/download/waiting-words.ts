import type { ErrorCode } from '../../../shared/contract/errors.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { NO_ACTIVITY } from '../../stores/activity.ts';
import { namedTrouble, neededRoom, type Reason, reasonOf, timeOfDay } from './reason.ts';
import { type RowText, type Seen, secondsUntil } from './row-text.ts';
import { savedWords } from './saved.ts';
import { words } from './words.ts';

const SILENT: ReadonlySet<ErrorCode> = new Set(['Stalled', 'Timeout']);

/** Words for a download that waits and goes on by itself. */
export function waitingWords(view: DownloadView, seen: Seen): RowText {
  return {
    text: textOf(view, reasonOf(view.reason), seen),
    tone: 'attention',
    action: 'try-now',
    details: view.reason,
    isTicking: view.retryAt !== null,
  };
}

function textOf(view: DownloadView, reason: Reason | null, seen: Seen): string {
  const saved = savedWords(view);
  switch (view.waitReason) {
    case 'rate-limit':
      return `${words.rateLimited(view.retryAt === null ? null : timeOfDay(view.retryAt))}${saved}`;
    case 'disk':
      return `${words.diskFull(neededRoom(view))}${saved}${words.goesOnWithRoom}`;
    case 'volume':
      return `${words.volumeMissing}${saved}${words.goesOnWithVolume}`;
    case 'server':
      return `${words.serverTrouble}${saved}${next(view, reason, seen.nowMs)}`;
    case 'network':
    case null:
      return networkText(view, reason, seen);
  }
}

function networkText(view: DownloadView, reason: Reason | null, seen: Seen): string {
  const { retry, lastByteAtMs } = seen.activity ?? NO_ACTIVITY;
  if (retry && SILENT.has(retry.code) && lastByteAtMs !== null && view.retryAt !== null) {
    const silentSeconds = Math.max(0, Math.floor((seen.nowMs - lastByteAtMs) / 1000));
    const due = words.reconnectingIn(secondsUntil(Date.parse(view.retryAt), seen.nowMs));
    return `${words.noData(silentSeconds)} · ${due}${words.attempt(reason?.attempt ?? retry.attempt)}`;
  }
  const happened = (reason && namedTrouble(reason.sentence)) ?? words.connectionLost;
  return `${happened}${savedWords(view)}${next(view, reason, seen.nowMs)}`;
}

/** The count of attempts is told from the second one on: a first one is no news. */
function next({ retryAt }: DownloadView, reason: Reason | null, nowMs: number): string {
  if (retryAt === null) return words.goesOnAlone;
  const text = words.tryingIn(secondsUntil(Date.parse(retryAt), nowMs));
  const attempt = reason?.attempt ?? null;
  return attempt === null || attempt < 2 ? text : text.replace(/\.$/, `${words.attempt(attempt)}.`);
}
