import { Command, CommanderError } from 'commander';
import { AppError } from '../shared/contract/errors.ts';
import type { GlobalOptions, Invocation, ParsedLine } from './invocation.ts';
import { parseText } from './option-values.ts';
import { addCommands } from './program-commands.ts';

const MAX_PATH_LENGTH = 4096;

const AFTER_HELP = `
Exit codes:
  0 done             1 internal           2 usage or bad input
  3 authorization    4 not found          5 integrity
  6 disk             7 network given up   8 ledger busy
  9 not checked      130 interrupted; what was fetched is kept`;

/**
 * Parses a command line. Values are checked; nothing is opened.
 *
 * @param argv the arguments after the program's name
 * @param version what `--version` prints
 * Throws BadRequest with one sentence for anything that is not a command line of this program.
 */
export function parseCommandLine(argv: readonly string[], version: string): ParsedLine {
  const chosen: Invocation[] = [];
  const printed: string[] = [];
  const program = createProgram(version, (part) => printed.push(part));
  addCommands(program, (invocation) => chosen.push(invocation));
  try {
    program.parse([...argv], { from: 'user' });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    if (cause.exitCode !== 0) throw usageError(cause);
    return { kind: 'print', text: printed.join('') };
  }
  const [invocation] = chosen;
  if (invocation === undefined) throw new AppError('Internal', 'No command was recognized.');
  return { kind: 'run', global: globalOptions(program), invocation };
}

/** True when the answer must be JSON, even when the rest of the line cannot be parsed. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json');
}

/** The program without its commands; `print` takes what help and `--version` say. */
export function createProgram(version: string, print: (text: string) => void): Command {
  return new Command('haulyard')
    .description('Downloads very large machine-learning models: verified, resumable, over any connection.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help, for all commands or for one')
    .option('--json', 'print JSON, for scripts')
    .option('--cache-dir <dir>', 'cache folder (default: the Hugging Face cache)', folder('--cache-dir'))
    .option('--data-dir <dir>', 'folder of the download record and settings', folder('--data-dir'))
    .option('--endpoint <url>', 'address of Hugging Face or a mirror (default: HF_ENDPOINT)')
    .option('--catalog <file>', 'another catalog of models', folder('--catalog'))
    .option('--quiet', 'print only errors and the result')
    .option('--verbose', 'log details to standard error')
    .addHelpText('after', AFTER_HELP)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: print, writeErr: () => {} })
    .exitOverride();
}

const folder = (option: string) => parseText(option, MAX_PATH_LENGTH);

function globalOptions(program: Command): GlobalOptions {
  const { json, quiet, verbose, ...paths } = program.opts<Partial<GlobalOptions>>();
  return { ...paths, json: json === true, quiet: quiet === true, verbose: verbose === true };
}

/** Rewords Commander's message as one sentence of ours. */
function usageError(cause: CommanderError): AppError {
  if (cause.code === 'commander.help') {
    return new AppError('BadRequest', 'A command is missing; haulyard --help lists them.');
  }
  const [problem = '', hint = ''] = cause.message.replace(/^error: /, '').split('\n');
  const suggestion = hint.replace(/^\(|\)$/g, '');
  const sentence = problem.charAt(0).toUpperCase() + problem.slice(1);
  return new AppError(
    'BadRequest',
    `${[sentence, suggestion].filter((part) => part !== '').join('. ')}${suggestion === '' ? '.' : ''} See haulyard --help.`,
  );
}
