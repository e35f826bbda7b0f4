import type { CommandResult } from '../../shared/contract/commands.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { BeginDownloads } from '../download-watch.ts';
import { EXIT } from '../exit-codes.ts';
import type { TransferOptions } from '../invocation.ts';
import { printJson } from '../output/json-lines.ts';
import { printNotice } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';
import { findDownload } from './find-download.ts';
import { findBuild, followBuild } from './follow-build.ts';
import { followDownloads } from './follow-downloads.ts';

type ResumeOptions = TransferOptions & { readonly id?: string };

/** `resume`: continues one download or build, or everything that is not ready; waits for all of it. */
export async function runResume(session: Session, options: ResumeOptions): Promise<number> {
  const stored = await storedWork(session);
  if (options.id !== undefined) {
    const build = findBuild(stored.builds, options.id);
    return build === null ? resumeDownloads(session, options) : resumeBuild(session, build, options);
  }
  const builds = stored.builds.filter(({ state }) => state !== 'ready');
  const hasDownloads = stored.downloads.some(({ state }) => state !== 'ready');
  let code = hasDownloads || builds.length === 0 ? await resumeDownloads(session, options) : EXIT.done;
  for (const { id } of builds) {
    if (code !== EXIT.done) break;
    code = await resumeBuild(session, id, options);
  }
  return code;
}

function resumeBuild(session: Session, id: string, { wait }: ResumeOptions): Promise<number> {
  return followBuild(session, { name: id, wait: wait === true }, async (engine) => {
    await engine.call('build.resume', { id });
    return id;
  });
}

function resumeDownloads(session: Session, options: ResumeOptions): Promise<number> {
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

/** Returns what there is to continue. Requested beforehand: builds and downloads are followed in different ways. */
function storedWork(session: Session): Promise<CommandResult<'snapshot'>> {
  return withEngine(session, { access: 'live', anySettings: true }, (engine) => engine.call('snapshot', {}));
}
