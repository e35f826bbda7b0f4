import { formatBytes } from '../../shared/format/bytes.ts';
import { EXIT } from '../exit-codes.ts';
import type { Installed } from '../invocation.ts';
import { printJson } from '../output/json-lines.ts';
import { printNotice } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';
import { installedArgs } from './installed-args.ts';

/** `remove`: deletes from the cache, and keeps what others share. */
export function runRemove(session: Session, installed: Installed): Promise<number> {
  return withEngine(session, { access: 'owner' }, async (engine) => {
    const report = await engine.call('library.remove', installedArgs(installed));
    if (session.global.json) {
      const { repo, freedBytes, removedSnapshots } = report;
      printJson(session.io.stdout, { repo, freedBytes, removedSnapshots });
    } else {
      printNotice(session, `Removed ${report.repo}: ${formatBytes(report.freedBytes)} freed.`);
    }
    return EXIT.done;
  });
}
