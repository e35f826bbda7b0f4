import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import { parseEndpoint } from '../../engine/hub/endpoint.ts';
import { parseReference } from '../../engine/hub/reference.ts';
import type { CommandInput } from '../../shared/contract/commands.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import type { FileChoice, JudgedSet } from '../../shared/model/file-choice.ts';
import type { DownloadOptions } from '../invocation.ts';
import { printNotice, printTable } from '../output/print.ts';
import { verdictWord } from '../output/words.ts';
import type { Session } from '../session.ts';

/**
 * A repository of GGUF files holds the same model many times, in quantizations of which a person needs one: all sixteen may be 132 GB.
 * So when nothing was chosen, the one that suits this computer is taken, as the app proposes it; it is said which, why, and how to have
 * another one or all. Such repositories carry the word in their names, and only those are asked about: others need no further question.
 */

type AddArguments = CommandInput<'downloads.add'>;

/** The arguments with the files of one quantization, where nobody chose; else as they are. Throws what the Hub answers. */
export async function withQuantization<T extends AddArguments>(
  session: Session,
  engine: Pick<ConnectedEngine, 'call'>,
  options: DownloadOptions,
  args: T,
): Promise<T> {
  const repo = openRepository(session, options);
  if (repo === null || !/gguf/i.test(repo)) return args;
  const choice = await filesOf(engine, options);
  const sets = choice?.sets.filter(({ format }) => format === 'gguf') ?? [];
  const chosen = sets.find(({ id }) => id === choice?.proposed);
  if (choice === null || chosen === undefined || sets.length < 2) return args;
  if (!session.global.json) explain(session, repo, choice, chosen, sets);
  return { ...args, files: [...chosen.paths, ...choice.companions] };
}

/** The repository of a wish that names no files; null for any other wish. */
function openRepository({ settings }: Session, options: DownloadOptions): string | null {
  const { reference, files = [], include, exclude, from, make } = options;
  const hasFilter = files.length + include.length + exclude.length + Object.keys(from).length > 0;
  if (hasFilter || make !== undefined) return null;
  const named = parseReference(reference, parseEndpoint(settings.endpoint));
  if (named.kind !== 'repo' || named.repo.split('/').length !== 2) return null;
  const isNarrowed = [named.path, named.files, named.include, named.exclude].some(
    (part) => part !== undefined,
  );
  return isNarrowed ? null : named.repo;
}

/** Null when the Hub cannot be asked and the model is here: what is here is what was chosen before. */
async function filesOf(
  engine: Pick<ConnectedEngine, 'call'>,
  { reference, revision }: DownloadOptions,
): Promise<FileChoice | null> {
  const named = { reference, ...(revision === undefined ? {} : { revision }) };
  try {
    return await engine.call('models.files', named);
  } catch (error) {
    const isHere = await engine.call('library.path', named).then(
      () => true,
      () => false,
    );
    if (isHere) return null;
    throw error;
  }
}

function explain(
  session: Session,
  repo: string,
  { why, leftOut }: FileChoice,
  chosen: JudgedSet,
  sets: readonly JudgedSet[],
): void {
  const columns = [
    { title: '' },
    { title: 'VERSION' },
    { title: 'SIZE', align: 'right' },
    { title: 'HERE' },
    { title: 'WHAT IT MEANS' },
  ] as const;
  const rows = sets.map((set) => {
    const { code, title, bytes, words, suitability } = set;
    const verdict = suitability.verdict === null ? '' : verdictWord(suitability.verdict);
    return [set === chosen ? '>' : '', code ?? title, formatBytes(bytes), verdict, words];
  });
  if (!session.global.quiet) printTable(session, columns, rows);
  printNotice(
    session,
    `Taking ${chosen.code ?? chosen.title}, ${formatBytes(chosen.bytes)}. ${why} ${leftOut}`.trim(),
  );
  const other = sets.find((set) => set !== chosen && set.code !== null)?.code;
  if (other) printNotice(session, `Another one: haulyard download ${repo}:${other}`);
  printNotice(session, `All of them: haulyard download ${repo} --include '*'`);
}
