import type { DownloadView } from '../../shared/model/download.ts';
import type { BeginDownloads } from '../download-watch.ts';
import type { TransferOptions } from '../invocation.ts';
import { printJson } from '../output/json-lines.ts';
import { printNotice } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';
import { findDownload } from './find-download.ts';
import { findBuild, followBuild } from './follow-build.ts';
import { followDownloads } from './follow-downloads.ts';

/** `resume`: continues one download, or every one that is not ready; waits for all of them. */
export async function runResume(
  session: Session,
  options: TransferOptions & { readonly id?: string },
): Promise<number> {
  const build = options.id === undefined ? null : await storedBuild(session, options.id);
  if (build !== null) {
    return followBuild(session, { name: build, wait: options.wait === true }, async (engine) => {
      await engine.call('build.resume', { id: build });
      return build;
    });
  }
  const begin: BeginDownloads = async (engine) => {
    const { downloads } = await engine.call('snapshot', {});
    const chosen = options.id === undefined ? downloads : [findDownload(downloads, options.id)];
    const unfinished = chosen.filter((view) => view.state !== 'ready');
    if (unfinished.length === 0) sayNothingToDo(session, options.id === undefined ? undefined : chosen[0]);
    for (const { id } of unfinished) {
      await engine.call('downloads.resume', { id, acceptChanged: options.acceptChanged });
    }
    return unfinished.map(({ id }) => id);
  };
  return followDownloads(session, options, begin);
}

function sayNothingToDo(session: Session, view: DownloadView | undefined): void {
  if (session.global.json) {
    printJson(session.io.stdout, { resumed: [] });
  } else {
    const why = view === undefined ? 'No download is unfinished.' : `The download ${view.id} is complete.`;
    printNotice(session, `Nothing to resume. ${why}`);
  }
}

/** The build of an id. Asked beforehand: builds and downloads are followed in different ways. */
async function storedBuild(session: Session, id: string): Promise<string | null> {
  const { builds } = await withEngine(session, { access: 'live', anySettings: true }, (engine) =>
    engine.call('snapshot', {}),
  );
  return findBuild(builds, id);
}
