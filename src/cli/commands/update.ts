import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import type { BeginDownloads } from '../download-watch.ts';
import type { UpdateOptions } from '../invocation.ts';
import { failureWords } from '../output/failure-words.ts';
import { printJson } from '../output/json-lines.ts';
import { printNotice, printProblem } from '../output/print.ts';
import type { Session } from '../session.ts';
import { followDownloads } from './follow-downloads.ts';
import { isOutdated } from './outdated.ts';

/** `update`: downloads the newest commit of one model, or of every outdated one, and waits for it. */
export function runUpdate(session: Session, options: UpdateOptions): Promise<number> {
  const { reference, acceptChanged } = options;
  const begin: BeginDownloads = async (engine) => {
    const references = reference === undefined ? await outdatedModels(session, engine) : [reference];
    const { ids } =
      references.length === 0
        ? { ids: [] }
        : await engine.call('library.update', { references: [...references], acceptChanged });
    if (ids.length === 0) sayNothingToDo(session);
    return ids;
  };
  return followDownloads(session, options, begin);
}

async function outdatedModels(
  session: Session,
  engine: Pick<ConnectedEngine, 'call'>,
): Promise<readonly string[]> {
  const { models } = await engine.call('library.outdated', {});
  for (const { repo, error } of models) {
    if (error !== null) printProblem(session, `${repo} could not be checked. ${failureWords(error)}`);
  }
  return models.filter(isOutdated).map(({ repo }) => repo);
}

function sayNothingToDo(session: Session): void {
  if (session.global.json) printJson(session.io.stdout, { updated: [] });
  else printNotice(session, 'Everything that was checked is up to date.');
}
