import { formatBytes } from '../../shared/format/bytes.ts';
import { formatDay } from '../../shared/format/day.ts';
import type { FileChange, UpdateCheck } from '../../shared/model/upkeep.ts';
import { EXIT } from '../exit-codes.ts';
import { failureWords } from '../output/failure-words.ts';
import { errorFields, printJson } from '../output/json-lines.ts';
import { printNotice, printProblem, printTable } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';

/** `outdated`: newer commits on the Hub. Exit code 9 when nothing is wrong but something could not be checked. */
export function runOutdated(
  session: Session,
  { references }: { readonly references?: readonly string[] },
): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const args = references === undefined ? {} : { references: [...references] };
    const { models } = await engine.call('library.outdated', args);
    if (session.global.json) printJson(session.io.stdout, { models: models.map(checkJson) });
    else showChecks(session, models);
    return models.some(({ error }) => error !== null) ? EXIT.unchecked : EXIT.done;
  });
}

/** Returns whether the Hub has another commit than the one installed. */
export function isOutdated({ commit, latestCommit }: UpdateCheck): boolean {
  return latestCommit !== null && latestCommit !== commit;
}

function showChecks(session: Session, models: readonly UpdateCheck[]): void {
  const newer = models.filter(isOutdated);
  if (newer.length > 0) {
    const columns = [
      { title: 'REPOSITORY' },
      { title: 'BRANCH' },
      { title: 'HERE' },
      { title: 'NEWEST' },
      { title: 'CHANGED' },
      { title: 'TO DOWNLOAD', align: 'right' },
      { title: 'FILES' },
    ] as const;
    printTable(session, columns, newer.map(rowOf));
  }
  for (const { repo, error } of models) {
    if (error !== null) printProblem(session, `${repo} could not be checked. ${failureWords(error)}`);
  }
  printNotice(session, summary(models, newer));
}

function rowOf({ repo, revision, commit, latestCommit, updatedAt, downloadBytes, changes }: UpdateCheck) {
  const short = (hash: string | null) => (hash ?? '').slice(0, 8);
  const changed = updatedAt === null ? '' : formatDay(updatedAt);
  const cost = formatBytes(downloadBytes);
  return [repo, revision, short(commit), short(latestCommit), changed, cost, changeWords(changes)];
}

/** `2 changed, 1 added`; a separate text for a commit that changed only files that are not installed. */
export function changeWords(changes: readonly FileChange[]): string {
  const kinds = ['changed', 'added', 'removed'] as const;
  const parts = kinds.flatMap((kind) => {
    const count = changes.filter(({ change }) => change === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return parts.length === 0 ? 'none of those here' : parts.join(', ');
}

function summary(models: readonly UpdateCheck[], newer: readonly UpdateCheck[]): string {
  if (newer.length === 0) {
    const checked = models.filter(({ error }) => error === null).length;
    return checked === 0
      ? 'No installed model could be compared.'
      : 'Everything that was checked is up to date.';
  }
  return newer.length === 1 ? 'To update it: haulyard update' : 'To update them: haulyard update';
}

function checkJson(check: UpdateCheck): unknown {
  const { repo, revision, commit, latestCommit, updatedAt, changes, downloadBytes, error } = check;
  const found = { repo, revision, commit, latestCommit, updatedAt, outdated: isOutdated(check) };
  const files = changes.map(({ path, change, size }) => ({ path, change, size }));
  return { ...found, changes: files, downloadBytes, error: error === null ? null : errorFields(error) };
}
