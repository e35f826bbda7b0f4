import type { Engine } from '../../engine/engine.ts';
import { MAX_SEARCH_RESULTS } from '../../shared/contract/search-commands.ts';
import type { FoundModel, SearchPage } from '../../shared/model/search.ts';
import { EXIT } from '../exit-codes.ts';
import type { SearchOptions } from '../invocation.ts';
import { printJson } from '../output/json-lines.ts';
import { printLine, printNotice, printProblem, printTable } from '../output/print.ts';
import { SEARCH_COLUMNS, searchJson, searchRows } from '../output/search-results.ts';
import { type Session, withEngine } from '../session.ts';

/** Maximum number of pages requested, however few models of each are kept: a list need not end. */
const MAX_PAGES = 20;

/** `search`: models of the Hub, and how well each would run here. */
export function runSearch(session: Session, options: SearchOptions): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const { models, offline, offlineReason } = await collect(engine, options);
    if (session.global.json) {
      printJson(session.io.stdout, searchJson(models, offline));
      return EXIT.done;
    }
    if (offlineReason !== null) {
      printProblem(session, `${offlineReason} Shown is what is here and what was found before.`);
    }
    if (models.length === 0) printLine(session, nothingFound(options));
    else {
      printTable(session, SEARCH_COLUMNS, searchRows(models));
      printNotice(session, '');
      printNotice(session, '`haulyard download ORG/NAME` downloads one.');
    }
    return EXIT.done;
  });
}

async function collect(engine: Engine, options: SearchOptions): Promise<Omit<SearchPage, 'cursor'>> {
  const { words, author, filters, sort, limit, fits } = options;
  const query = { words, filters: [...filters], sort, ...(author === undefined ? {} : { author }) };
  const found = new Map<string, FoundModel>();
  let offline = { offline: false, offlineReason: null as string | null };
  let cursor: string | null | undefined;
  for (let pages = 0; pages < MAX_PAGES && found.size < limit && cursor !== null; pages += 1) {
    const page: SearchPage = await engine.call('models.search', {
      ...query,
      limit: Math.min(MAX_SEARCH_RESULTS, limit),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const model of page.models) if (!fits || doesFit(model)) found.set(model.repo, model);
    offline = { offline: page.offline, offlineReason: page.offlineReason };
    cursor = page.cursor;
  }
  return { models: [...found.values()].slice(0, limit), ...offline };
}

function doesFit({ suitability: { verdict } }: FoundModel): boolean {
  return verdict !== null && verdict !== 'wont-fit' && verdict !== 'needs-apple-silicon';
}

function nothingFound({ words, fits }: SearchOptions): string {
  const what = words === '' ? '' : ` with “${words}” in its name`;
  return fits ? `No model${what} is known to fit this computer.` : `Found no model${what}.`;
}
