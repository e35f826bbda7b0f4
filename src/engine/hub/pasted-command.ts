import { AppError } from '../../shared/contract/errors.ts';
import { REPOSITORY_TYPES, repositoryName } from '../../shared/model/repository.ts';
import { shellWords } from './shell-words.ts';

/** The request in a command or a line of Python, in the form of a reference. */
export interface PastedCommand {
  /** The repository as written there. */
  readonly reference: string;
  readonly revision?: string;
  /** Named files. */
  readonly files: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Options of `hf download` with a value that does not matter to us. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  '--cache-dir',
  '--token',
  '--max-workers',
  '--local-dir-use-symlinks',
]);
/** Programs whose next word is a URL or a model, as people paste it from a page. */
const ADDRESS_COMMANDS = /^(git|wget|curl|aria2c|ollama|lms|llama-server|llama-cli|vllm)$/;

/**
 * Parses a command copied from a page of the Hub or a guide: `hf download`, `huggingface-cli download`,
 * `snapshot_download("…")` and the like, `git clone`, `ollama run hf.co/…`. Returns null when the text is none of
 * these.
 *
 * Throws `BadRequest` with the equivalent of this program for commands that are understood but not supported.
 */
export function pastedCommand(text: string): PastedCommand | null {
  const python = pythonCall(text);
  if (python !== null) return python;
  if (!/\s/.test(text)) return null;
  const words = shellWords(text.replace(/^[$!%>]\s+|^!(?=\w)/, ''))?.filter((word) => word !== '');
  if (!words) return null;
  const first = words.findIndex((word) => !/^\w+=/.test(word) && word !== 'sudo' && word !== 'uvx');
  const [program = '', ...rest] = words.slice(first);
  if (/^(hf|huggingface-cli|haulyard)$/.test(program) && rest[0] === 'download')
    return hfDownload(rest.slice(1));
  return ADDRESS_COMMANDS.test(program) ? addressIn(program, rest) : null;
}

function hfDownload(words: readonly string[]): PastedCommand {
  const positional: string[] = [];
  const lists = { '--include': [] as string[], '--exclude': [] as string[] };
  let revision: string | undefined;
  let type = 'model';
  let list: string[] | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const [option = '', inline] = dividedOption(words[at] ?? '');
    const next = () => inline ?? words[++at] ?? '';
    if (!option.startsWith('--')) {
      (list ?? positional).push(option);
      continue;
    }
    list = null;
    if (option === '--include' || option === '--exclude') {
      list = lists[option];
      if (inline !== undefined) list.push(inline);
    } else if (option === '--revision') revision = next();
    else if (option === '--repo-type' || option === '--type') type = next();
    else if (option === '--local-dir') refuseLocalDir(next());
    else if (PASSED_OVER.has(option)) next();
  }
  const [reference, ...files] = positional;
  if (reference === undefined) throw new AppError('BadRequest', 'This command names no repository.');
  const wanted = { revision, files, include: lists['--include'], exclude: lists['--exclude'] };
  return command(ofType(type, reference), wanted);
}

function dividedOption(word: string): [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

const CALL =
  /\b(snapshot_download|hf_hub_download|from_pretrained|snapshotDownload|downloadFile\w*)\s*\(([\s\S]*)\)/;
const STRING = /^\s*(?:r|f)?(["'])(.*?)\1/s;

/** A call of huggingface_hub, transformers or the like, with its arguments by name or in order. */
function pythonCall(text: string): PastedCommand | null {
  const [, name, args = ''] = CALL.exec(text) ?? [];
  if (name === undefined) return null;
  const named = (key: string) => {
    const [, , value] = new RegExp(`\\b${key}\\s*[=:]\\s*(["'])(.*?)\\1`, 's').exec(args) ?? [];
    return value;
  };
  const [, , first] = STRING.exec(args) ?? [];
  const reference = named('repo_id') ?? named('repo') ?? named('pretrained_model_name_or_path') ?? first;
  if (reference === undefined) {
    throw new AppError(
      'BadRequest',
      `Haulyard can’t tell which repository this call of ${name} names. Type it as org/name.`,
    );
  }
  const localDir = named('local_dir');
  if (localDir !== undefined) refuseLocalDir(localDir);
  const [, , second] =
    name === 'hf_hub_download' ? (STRING.exec(args.replace(STRING, '').replace(/^\s*,/, '')) ?? []) : [];
  const file = named('filename') ?? named('path') ?? second;
  return command(ofType(named('repo_type') ?? 'model', reference), {
    revision: named('revision'),
    files: file === undefined ? [] : [file],
    include: listOf(args, 'allow_patterns'),
    exclude: listOf(args, 'ignore_patterns'),
  });
}

/** `key="a"` or `key=["a", "b"]`. */
function listOf(args: string, key: string): string[] {
  const [, value = ''] = new RegExp(`\\b${key}\\s*=\\s*(\\[[^\\]]*\\]|"[^"]*"|'[^']*')`).exec(args) ?? [];
  return [...value.matchAll(/(["'])(.*?)\1/g)].map(([, , text = '']) => text);
}

/** Returns the only word of a command that looks like a place on the Hub. */
function addressIn(program: string, words: readonly string[]): PastedCommand {
  const places = words.filter((word) => !word.startsWith('-') && /[/:]/.test(word));
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new AppError(
      'BadRequest',
      `This ${program} command doesn’t have exactly one address of a model on Hugging Face. Type org/name, or the address of its page.`,
    );
  }
  return command(place.replace(/^git@([^:/]+):/, 'https://$1/'), { files: [], include: [], exclude: [] });
}

/** Returns the repository of a kind, as written in the Hub's URLs. */
function ofType(type: string, reference: string): string {
  const known = REPOSITORY_TYPES.find((each) => each === type);
  if (known === undefined) {
    throw new AppError(
      'BadRequest',
      `Only models, datasets and Spaces can be downloaded, not a repository of type ${type.slice(0, 30)}.`,
    );
  }
  return repositoryName({ type: known, id: reference });
}

function refuseLocalDir(folder: string): void {
  throw new AppError(
    'BadRequest',
    `A pasted command can’t choose the folder (${folder.slice(0, 80)}). Leave that option out; the folder is chosen when the download is started.`,
    { details: { option: '--local-dir' } },
  );
}

function command(
  reference: string,
  { revision, ...rest }: Omit<PastedCommand, 'reference' | 'revision'> & { revision?: string | undefined },
): PastedCommand {
  return { reference, ...(revision === undefined ? {} : { revision }), ...rest };
}
