import type { VerifyingEvent } from '../../../shared/contract/events.ts';
import { formatBytesOf } from '../../../shared/format/bytes.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { NO_ACTIVITY } from '../../stores/activity.ts';
import { failedWords } from './failed-words.ts';
import { type RowText, type Seen, secondsUntil } from './row-text.ts';
import { savedWords } from './saved.ts';
import { silentSecondsOf, waitingWords } from './waiting-words.ts';
import { words } from './words.ts';

/** The words of a row in each state. */
export function rowWords(view: DownloadView, seen: Seen): RowText {
  switch (view.state) {
    case 'queued':
      return plain(words.queued);
    case 'resolving':
      return plain(words.resolving);
    case 'downloading':
      return view.wait === null ? plain(downloadingText(view)) : silence(view, seen);
    case 'verifying':
      return plain(verifyingText(seen.verifying));
    case 'repairing':
      return { ...plain(words.repairing), tone: 'attention' };
    case 'installing':
      return plain(words.installing);
    case 'ready':
      return {
        ...plain(view.recordedAt === undefined ? words.ready : words.readyBefore(view.recordedAt)),
        tone: 'good',
      };
    case 'paused':
      return plain(words.paused(savedWords(view)));
    case 'waiting':
      return waitingWords(view, seen);
    case 'failed':
      return failedWords(view);
  }
}

/** Connections are open but silent: nothing failed yet. */
function silence(view: DownloadView, seen: Seen): RowText {
  const { activity = NO_ACTIVITY, nowMs } = seen;
  const silentSeconds = view.wait === null ? 0 : (silentSecondsOf(view.wait, seen) ?? 0);
  const { retry } = activity;
  const next = retry
    ? `${words.reconnectingIn(secondsUntil(retry.dueAtMs, nowMs))}${words.attempt(retry.attempt)}`
    : words.reconnects;
  return {
    text: `${words.noData(silentSeconds)} · ${next}`,
    tone: 'attention',
    action: 'try-now',
    details: retry?.message ?? null,
    isTicking: true,
  };
}

/** Who brings it, when that is another computer of the network. */
function downloadingText({ sources = [], receivedBytes, totalBytes }: DownloadView): string {
  const peers = sources.filter(({ kind, bytes }) => kind === 'peer' && bytes > 0);
  const [first] = peers;
  if (first === undefined) return words.downloading;
  const bytes = peers.reduce((sum, peer) => sum + peer.bytes, 0);
  const who = peers.length === 1 ? (first.name ?? first.host) : words.computers(peers.length);
  // What is downloaded twice, or not yet on the disk, would be more than there is.
  return words.downloadingFrom(formatBytesOf(Math.min(bytes, receivedBytes), totalBytes), who);
}

function verifyingText(heartbeat: VerifyingEvent | undefined): string {
  if (heartbeat === undefined) return words.verifying;
  return words.verifyingFor(heartbeat.seconds, heartbeat.hashedBytes, heartbeat.totalBytes);
}

function plain(text: string): RowText {
  return { text, tone: 'plain', action: null, details: null, isTicking: false };
}
