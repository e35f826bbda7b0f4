import { formatBytes } from '../../shared/format/bytes.ts';
import { formatDay } from '../../shared/format/day.ts';
import type { Library } from '../../shared/model/library.ts';
import { EXIT } from '../exit-codes.ts';
import { listJson, printJson } from '../output/json-lines.ts';
import { printLine, printProblem } from '../output/print.ts';
import { tableLines } from '../output/table.ts';
import { type Session, withEngine } from '../session.ts';

/** `list`: everything in the cache, whoever put it there. */
export function runList(session: Session): Promise<number> {
  return withEngine(session, { access: 'reader' }, async (engine) => {
    const library = await engine.call('library.list', {});
    if (session.global.json) {
      printJson(session.io.stdout, listJson(library));
      return EXIT.done;
    }
    for (const line of libraryLines(library, session.settings.cacheDir)) printLine(session, line);
    for (const warning of library.warnings) printProblem(session, warning);
    return EXIT.done;
  });
}

/** Snapshots, then what is only partly downloaded. */
export function libraryLines(library: Library, cacheDir: string): readonly string[] {
  const { models, partials, made, elsewhere = [] } = library;
  const cached = models.length === 0 ? [`No models in ${cacheDir}.`] : modelTable(models);
  const lines = made.length === 0 ? cached : [...cached, '', ...madeTable(made)];
  const more = partials.length === 0 ? lines : [...lines, '', ...partialTable(partials)];
  return elsewhere.length === 0 ? more : [...more, '', ...elsewhereTable(elsewhere)];
}

function modelTable(models: Library['models']): readonly string[] {
  const columns = [
    { title: 'REPOSITORY' },
    { title: 'VARIANT' },
    { title: 'COMMIT' },
    { title: 'REFS' },
    { title: 'SIZE', align: 'right' },
    { title: 'FILES', align: 'right' },
    { title: 'STATE' },
    { title: 'VERIFIED' },
  ] as const;
  const rows = models.map((model) => [
    model.repo,
    model.variant ?? '',
    model.commit.slice(0, 8),
    model.refs.join(' '),
    formatBytes(model.bytes),
    String(model.files),
    model.complete ? 'complete' : 'incomplete',
    verifiedWords(model),
  ]);
  return tableLines(columns, rows);
}

function madeTable(made: Library['made']): readonly string[] {
  const columns = [
    { title: 'MADE HERE FROM' },
    { title: 'VARIANT' },
    { title: 'SIZE', align: 'right' },
    { title: 'MADE' },
    { title: 'PATH' },
  ] as const;
  return tableLines(
    columns,
    made.map(({ from, variant, bytes, madeAt, path, complete }) => [
      from.repo,
      complete ? variant : `${variant} (incomplete)`,
      formatBytes(bytes),
      formatDay(madeAt),
      path,
    ]),
  );
}

const TOOL_WORDS = { cache: 'another cache', 'lm-studio': 'LM Studio', ollama: 'Ollama' } as const;

function elsewhereTable(elsewhere: NonNullable<Library['elsewhere']>): readonly string[] {
  const columns = [
    { title: 'ALSO ON THIS COMPUTER' },
    { title: 'IN' },
    { title: 'SIZE', align: 'right' },
    { title: 'PATH' },
  ] as const;
  const rows = elsewhere.map(({ name, tool, bytes, path }) => [
    name,
    TOOL_WORDS[tool],
    formatBytes(bytes),
    path,
  ]);
  return tableLines(columns, rows);
}

function verifiedWords({ verifiedAt, verifiedOk }: Library['models'][number]): string {
  if (verifiedAt === null) return 'never';
  const day = formatDay(verifiedAt);
  return verifiedOk ? day : `damaged ${day}`;
}

function partialTable(partials: Library['partials']): readonly string[] {
  const columns = [
    { title: 'UNFINISHED FILE OF' },
    { title: 'SIZE', align: 'right' },
    { title: 'NEEDED BY' },
    { title: 'PATH' },
  ] as const;
  return tableLines(
    columns,
    partials.map(({ repo, bytes, path, download }) => [
      repo,
      formatBytes(bytes),
      download ?? 'nothing',
      path,
    ]),
  );
}
