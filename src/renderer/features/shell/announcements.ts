import { percentOf } from '../../../shared/format/percent.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { words } from './words.ts';

/** What is said aloud: the last sentence of each change of state, and each full quarter. Nothing in between. */
export function announcements(
  before: readonly DownloadView[],
  after: readonly DownloadView[],
  nameOf: (view: DownloadView) => string,
): readonly string[] {
  const known = new Map(before.map((view) => [view.id, view]));
  return after.flatMap((view) => {
    const old = known.get(view.id);
    if (!old) return [words.announce.added(nameOf(view))];
    if (old === view) return [];
    if (old.state !== view.state) return [words.announce.state(nameOf(view), words.states[view.state])];
    const quarter = quarterOf(view);
    return quarter > quarterOf(old) && quarter < 4
      ? [words.announce.percent(nameOf(view), quarter * 25)]
      : [];
  });
}

function quarterOf({ receivedBytes, totalBytes }: DownloadView): number {
  return Math.floor(percentOf(receivedBytes, totalBytes) / 25);
}
