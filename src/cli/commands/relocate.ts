import { resolve } from 'node:path';
import { formatBytes } from '../../shared/format/bytes.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson } from '../output/json-lines.ts';
import { printLine, printNotice } from '../output/print.ts';
import { createWaiting } from '../output/waiting.ts';
import { type Session, withEngine } from '../session.ts';

/** `relocate`: moves a model into another cache folder. Ctrl-C keeps what was copied for the next time. */
export function runRelocate(
  session: Session,
  { reference, to }: { readonly reference: string; readonly to: string },
): Promise<number> {
  return withEngine(session, { access: 'owner' }, async (engine) => {
    const waiting = createWaiting(session, 'moving');
    const unsubscribe = engine.on((event) => waiting.take(event));
    try {
      const report = await engine.call('library.relocate', { reference, to: resolve(to) });
      waiting.stop();
      const { repo, from, to: folder, bytes } = report;
      if (session.global.json) printJson(session.io.stdout, { repo, from, to: folder, bytes });
      else {
        printNotice(session, `Moved ${repo}: ${formatBytes(bytes)} copied and verified.`);
        printLine(session, folder);
      }
      return EXIT.done;
    } finally {
      unsubscribe();
      waiting.stop();
    }
  });
}
