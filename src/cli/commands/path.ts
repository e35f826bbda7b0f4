import { EXIT } from '../exit-codes.ts';
import type { Installed } from '../invocation.ts';
import { printJson } from '../output/json-lines.ts';
import { type Session, withEngine } from '../session.ts';
import { installedArgs } from './installed-args.ts';

/** `path`: the snapshot folder alone on one line, exactly as the file system has it. */
export function runPath(session: Session, installed: Installed): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const { path } = await engine.call('library.path', installedArgs(installed));
    if (session.global.json) printJson(session.io.stdout, { path });
    else session.io.stdout.write(`${path}\n`);
    return EXIT.done;
  });
}
