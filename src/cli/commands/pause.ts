import type { DownloadView } from '../../shared/model/download.ts';
import { isActive } from '../../shared/projection/totals.ts';
import { catalogModels } from '../catalog-models.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson } from '../output/json-lines.ts';
import { printNotice } from '../output/print.ts';
import { downloadName } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';
import { findDownload } from './find-download.ts';
import { findBuild } from './follow-build.ts';

/** `pause`: stops one download, or all that are active; what was downloaded is kept, and `resume` continues. */
export function runPause(session: Session, { id }: { readonly id?: string }): Promise<number> {
  return withEngine(session, { access: 'owner', anySettings: true }, async (engine) => {
    const { downloads, builds } = await engine.call('snapshot', {});
    const build = id === undefined ? null : findBuild(builds, id);
    if (build !== null) {
      await engine.call('build.pause', { id: build });
      report(session, [build], [build]);
      return EXIT.done;
    }
    const chosen = id === undefined ? downloads.filter(isActive) : [findDownload(downloads, id)];
    const active = chosen.filter(isActive);
    for (const view of active) await engine.call('downloads.pause', { id: view.id });
    const models = await catalogModels(engine);
    const names = active.map((view) => downloadName(view, models));
    if (active.length > 0) report(session, ids(active), names);
    else sayNothingToDo(session, id === undefined ? undefined : chosen[0]);
    return EXIT.done;
  });
}

const ids = (views: readonly DownloadView[]) => views.map(({ id }) => id);

function report(session: Session, paused: readonly string[], names: readonly string[]): void {
  if (session.global.json) {
    printJson(session.io.stdout, { paused });
    return;
  }
  for (const [index, id] of paused.entries())
    printNotice(session, `Paused ${names[index]} (${id}). To continue: haulyard resume ${id}`);
}

function sayNothingToDo(session: Session, view: DownloadView | undefined): void {
  if (session.global.json) {
    printJson(session.io.stdout, { paused: [] });
    return;
  }
  const why = view === undefined ? 'No download is active.' : `The download ${view.id} is ${view.state}.`;
  printNotice(session, `Nothing to pause. ${why}`);
}
