import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import { catalogModels } from '../catalog-models.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson } from '../output/json-lines.ts';
import { printNotice } from '../output/print.ts';
import { downloadName } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';
import { findDownload } from './find-download.ts';
import { findBuild } from './follow-build.ts';

/** Arguments of `cancel`. */
export interface CancelOptions {
  readonly id: string;
  readonly keepPartial: boolean;
}

/** `cancel`: drops a download, and its partial files unless they should be kept. */
export function runCancel(session: Session, { id, keepPartial }: CancelOptions): Promise<number> {
  return withEngine(session, { access: 'owner', anySettings: true }, async (engine) => {
    const { downloads, builds } = await engine.call('snapshot', {});
    const build = findBuild(builds, id);
    if (build !== null) return cancelBuild(session, engine, build);
    const view = findDownload(downloads, id);
    await engine.call('downloads.cancel', { id: view.id, keepPartial });
    if (session.global.json) {
      printJson(session.io.stdout, { cancelled: view.id, keptPartial: keepPartial });
    } else {
      const partial = keepPartial ? 'Its unfinished files are kept.' : 'Its unfinished files are deleted.';
      const name = downloadName(view, await catalogModels(engine));
      printNotice(session, `Canceled ${name} (${view.id}). ${partial}`);
    }
    return EXIT.done;
  });
}

async function cancelBuild(session: Session, engine: ConnectedEngine, id: string): Promise<number> {
  await engine.call('build.cancel', { id });
  if (session.global.json) printJson(session.io.stdout, { cancelled: id, keptPartial: false });
  else printNotice(session, `Canceled the build ${id}. What it made was deleted; its source was not.`);
  return EXIT.done;
}
