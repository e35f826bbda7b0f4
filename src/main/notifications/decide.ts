import { formatFailure } from '../../shared/format/failure.ts';
import type { BuildView } from '../../shared/model/build.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { NEEDS_USER, notificationWords } from './words.ts';

/** What to notify the user about. */
export interface Notice {
  /** Id of the download, or of the build. */
  readonly id: string;
  readonly kind: 'download' | 'build';
  readonly title: string;
  readonly body: string;
}

/**
 * Returns the changes between two states that are worth an interruption: a download or a build is done, failed, or
 * needs the user. A state is only compared with an earlier one: what was so already when the app started is not news,
 * and neither is a download that is gone.
 */
export function noticesBetween(
  before: DownloadsState | null,
  after: DownloadsState | null,
  name: NameOf,
): readonly Notice[] {
  if (before === null || after === null) return [];
  return [...downloadNotices(before, after, name), ...buildNotices(before, after, name)];
}

/** Returns the name of a download or a build. */
type NameOf = (work: Pick<DownloadView, 'model' | 'variant' | 'repo'>) => string;

function downloadNotices(before: DownloadsState, after: DownloadsState, name: NameOf): Notice[] {
  const earlier = new Map(before.downloads.map((view) => [view.id, view]));
  return after.downloads.flatMap((view) => {
    const previous = earlier.get(view.id);
    if (previous !== undefined && occurrence(previous) === occurrence(view)) return [];
    const words = wordsFor(view, name(view));
    // A download that was finished when it was added is nothing that the user waits for, unless it was seen in
    // progress.
    if (words === null || (previous === undefined && view.state === 'ready')) return [];
    return [{ id: view.id, kind: 'download', ...words }];
  });
}

function buildNotices(before: DownloadsState, after: DownloadsState, name: NameOf): Notice[] {
  const earlier = new Map(before.builds.map((build) => [build.id, build]));
  return after.builds.flatMap((build) => {
    const previous = earlier.get(build.id);
    // What existed already when it was requested is not news.
    if (previous === undefined || buildOccurrence(previous) === buildOccurrence(build)) return [];
    const words = buildWords(build, name({ ...build, repo: build.source.repo }));
    return words === null ? [] : [{ id: build.id, kind: 'build', ...words }];
  });
}

function buildOccurrence({ state, waitReason }: BuildView): string {
  return state === 'waiting' ? `waiting ${waitReason}` : state === 'ready' || state === 'failed' ? state : '';
}

function buildWords(
  { state, waitReason, reason }: BuildView,
  name: string,
): { title: string; body: string } | null {
  const body = reason ?? notificationWords.untold;
  if (state === 'ready') return notificationWords.made(name);
  if (state === 'failed') return { title: notificationWords.failed(name), body };
  if (state !== 'waiting' || waitReason === null) return null;
  return { title: notificationWords[waitReason](name), body };
}

/** Names the situation that a notice is about; the same name again is not news. */
function occurrence({ state, error, waitReason }: DownloadView): string {
  if (state === 'failed') return `failed ${error?.code ?? ''}`;
  if (state === 'ready') return 'ready';
  return state === 'waiting' && isForUser(waitReason) ? `waiting ${waitReason}` : 'going on';
}

/** Waits that do not end by themselves. */
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

function failureWords(
  { error, receivedBytes }: DownloadView,
  name: string,
): { title: string; body: string } | null {
  // Progress delivers the state before the snapshot delivers its reason.
  if (error === null || error.code === 'Cancelled') return null;
  const title = notificationWords[NEEDS_USER[error.code] ?? 'failed'](name);
  return { title, body: notificationWords.failedBody(formatFailure(error.code), receivedBytes > 0) };
}

function waitWords({ waitReason, wait }: DownloadView, name: string): { title: string; body: string } | null {
  if (waitReason === 'disk') {
    return { title: notificationWords.disk(name), body: notificationWords.diskBody(wait?.missingBytes) };
  }
  if (waitReason !== 'volume') return null;
  return { title: notificationWords.volume(name), body: notificationWords.volumeBody };
}
