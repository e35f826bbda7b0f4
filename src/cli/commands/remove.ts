import { formatBytes } from '../../shared/format/bytes.ts';
import type { RemoveReport } from '../../shared/model/library.ts';
import { EXIT, exitCodeOf, worstExitCode } from '../exit-codes.ts';
import type { Installed } from '../invocation.ts';
import { failureWords } from '../output/failure-words.ts';
import { errorFields, printJson } from '../output/json-lines.ts';
import { printNotice, printProblem } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';
import { installedArgs } from './installed-args.ts';

type RemoveOptions = Omit<Installed, 'reference'> & { readonly references: readonly string[] };

/** `remove`: deletes from the cache, and keeps what others share. */
export function runRemove(session: Session, { references, ...which }: RemoveOptions): Promise<number> {
  const items = references.map((reference) => installedArgs({ ...which, reference }));
  const [first] = items;
  return first !== undefined && items.length === 1 ? removeOne(session, first) : removeAll(session, items);
}

function removeOne(session: Session, item: ReturnType<typeof installedArgs>): Promise<number> {
  return withEngine(session, { access: 'owner' }, async (engine) => {
    const report = await engine.call('library.remove', item);
    if (session.global.json) printJson(session.io.stdout, reportJson(report));
    else printNotice(session, removedWords(report));
    return EXIT.done;
  });
}

function removeAll(session: Session, items: ReturnType<typeof installedArgs>[]): Promise<number> {
  return withEngine(session, { access: 'owner' }, async (engine) => {
    const { removed, failed, freedBytes } = await engine.call('library.removeSeveral', { items });
    if (session.global.json) {
      const failures = failed.map(({ of, error }) => ({ reference: of, error: errorFields(error) }));
      printJson(session.io.stdout, { removed: removed.map(reportJson), failed: failures, freedBytes });
    } else {
      for (const report of removed) printNotice(session, removedWords(report));
      for (const { of, error } of failed) printProblem(session, `${of}: ${failureWords(error)}`);
      if (removed.length > 1) printNotice(session, `${formatBytes(freedBytes)} freed in all.`);
    }
    return worstExitCode(failed.map(({ error }) => exitCodeOf(error.code)));
  });
}

function removedWords({ repo, freedBytes }: RemoveReport): string {
  return `Removed ${repo}: ${formatBytes(freedBytes)} freed.`;
}

function reportJson({ repo, freedBytes, removedSnapshots }: RemoveReport): RemoveReport {
  return { repo, freedBytes, removedSnapshots };
}
