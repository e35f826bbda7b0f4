import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { NEEDS_USER, notificationWords } from './words.ts';

/** What to tell the user. */
export interface Notice {
  readonly download: string;
  readonly title: string;
  readonly body: string;
}

/**
 * What is new between two states that is worth an interruption: a download is done, failed, or needs the user. A state is only compared with an
 * earlier one: what was so already when the app began to look is no news, and neither is a download that is gone.
 */
export function noticesBetween(
  before: DownloadsState | null,
  after: DownloadsState | null,
  name: (download: DownloadView) => string,
): readonly Notice[] {
  if (before === null || after === null) return [];
  const earlier = new Map(before.downloads.map((view) => [view.id, view]));
  return after.downloads.flatMap((view) => {
    const previous = earlier.get(view.id);
    if (previous !== undefined && occurrence(previous) === occurrence(view)) return [];
    const words = wordsFor(view, name(view));
    // A download that was finished when it was added brought nothing that the user waits for, unless it was seen to be on its way.
    if (words === null || (previous === undefined && view.state === 'ready')) return [];
    return [{ download: view.id, ...words }];
  });
}

/** Names the situation that a notice is about; the same name again is no news. */
function occurrence({ state, error, waitReason }: DownloadView): string {
  if (state === 'failed') return `failed ${error?.code ?? ''}`;
  if (state === 'ready') return 'ready';
  return state === 'waiting' && isForUser(waitReason) ? `waiting ${waitReason}` : 'going on';
}

/** Waits that no patience ends. */
function isForUser(reason: DownloadView['waitReason']): boolean {
  return reason === 'disk' || reason === 'volume';
}

function wordsFor(view: DownloadView, name: string): { title: string; body: string } | null {
  switch (view.state) {
    case 'ready':
      return notificationWords.done(name, view.recordedAt);
    case 'failed':
      return failureWords(view, name);
    case 'waiting':
      return waitWords(view, name);
    default:
      return null;
  }
}

function failureWords({ error }: DownloadView, name: string): { title: string; body: string } | null {
  // Progress brings the state before the snapshot brings its reason.
  if (error === null || error.code === 'Cancelled') return null;
  return notificationWords[NEEDS_USER[error.code] ?? 'failed'](name, error.message);
}

function waitWords(
  { waitReason, reason }: DownloadView,
  name: string,
): { title: string; body: string } | null {
  const body = reason ?? notificationWords.untold;
  if (waitReason === 'disk') return notificationWords.diskFull(name, body);
  return waitReason === 'volume' ? notificationWords.volume(name, body) : null;
}
