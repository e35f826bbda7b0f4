import { formatBytes } from '../../shared/format/bytes.ts';
import type { PruneItem, PruneKind, PruneReport } from '../../shared/model/upkeep.ts';
import { exitCodeOf, worstExitCode } from '../exit-codes.ts';
import { failureWords } from '../output/failure-words.ts';
import { errorFields, printJson } from '../output/json-lines.ts';
import { printNotice, printProblem, printTable } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';

const KIND_WORDS: Readonly<Record<PruneKind, string>> = {
  revision: 'old version',
  unfinished: 'unfinished file',
  content: 'file no version shows',
  link: 'broken link',
};

/** `prune`: shows what nothing needs, and removes exactly that; with `--dry-run` only shows it. */
export function runPrune(session: Session, { dryRun }: { readonly dryRun: boolean }): Promise<number> {
  return withEngine(session, { access: dryRun ? 'reader' : 'owner' }, async (engine) => {
    const plan = await engine.call('library.prune', { dryRun: true });
    if (!session.global.json) showPlan(session, plan, dryRun);
    const paths = plan.items.map(({ path }) => path);
    const report =
      dryRun || paths.length === 0 ? plan : await engine.call('library.prune', { dryRun: false, paths });
    if (session.global.json) printJson(session.io.stdout, pruneJson(report, dryRun));
    else if (!dryRun) showResult(session, report);
    return worstExitCode(report.failed.map(({ error }) => exitCodeOf(error.code)));
  });
}

function showPlan(session: Session, { items, freedBytes }: PruneReport, dryRun: boolean): void {
  if (items.length === 0) {
    printNotice(session, 'Nothing to prune: everything in the cache is in use.');
    return;
  }
  const columns = [
    { title: 'SIZE', align: 'right' },
    { title: 'WHAT' },
    { title: 'REPOSITORY' },
    { title: 'PATH' },
  ] as const;
  const rowOf = ({ kind, repo, path, bytes }: PruneItem) => [
    formatBytes(bytes),
    KIND_WORDS[kind],
    repo,
    path,
  ];
  if (dryRun || !session.global.quiet) printTable(session, columns, items.map(rowOf));
  if (dryRun) printNotice(session, `${formatBytes(freedBytes)} can be freed: haulyard prune`);
}

function showResult(session: Session, { items, freedBytes, failed }: PruneReport): void {
  for (const { of, error } of failed) printProblem(session, `${of}: ${failureWords(error)}`);
  if (items.length > 0) printNotice(session, `${formatBytes(freedBytes)} freed.`);
}

function pruneJson({ items, freedBytes, failed }: PruneReport, dryRun: boolean): unknown {
  return {
    dryRun,
    items: items.map(({ kind, repo, commit, path, bytes }) => ({ kind, repo, commit, path, bytes })),
    freedBytes,
    failed: failed.map(({ of, error }) => ({ path: of, error: errorFields(error) })),
  };
}
