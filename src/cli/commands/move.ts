import { catalogModels } from '../catalog-models.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson } from '../output/json-lines.ts';
import { printNotice } from '../output/print.ts';
import { downloadName } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';
import { findDownload } from './find-download.ts';

/** Arguments of `move`; the first position is 1. */
export interface MoveOptions {
  readonly id: string;
  readonly position: number;
}

/** `move`: moves a download to another position in the queue. A position after the last is the last. */
export function runMove(session: Session, { id, position }: MoveOptions): Promise<number> {
  return withEngine(session, { access: 'owner', anySettings: true }, async (engine) => {
    const view = findDownload((await engine.call('snapshot', {})).downloads, id);
    await engine.call('downloads.move', { id: view.id, position: position - 1 });
    const { downloads } = await engine.call('snapshot', {});
    const now = downloads.findIndex((each) => each.id === view.id) + 1;
    if (session.global.json) printJson(session.io.stdout, { moved: view.id, position: now });
    else {
      const name = downloadName(view, await catalogModels(engine));
      printNotice(session, `${name} is number ${now} of ${downloads.length} in the queue.`);
    }
    return EXIT.done;
  });
}
