import type { CommandRow, CommandTable, OptionRow } from './command-table.ts';

/** The script that zsh completes `haulyard` with; also as a file `_haulyard` in one of the folders of `fpath`. */
export function zshCompletion({ options, commands }: CommandTable): string {
  return [
    '#compdef haulyard',
    '# zsh completion for haulyard: eval "$(haulyard completion zsh)"',
    '_haulyard() {',
    '  local context state line',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`),
    '  )',
    '  _arguments -C \\',
    ...options.map((option) => `    ${optionSpec(option)} \\`),
    "    '1: :->command' '*:: :->arguments' && return",
    '  case $state in',
    '    command) _describe command commands ;;',
    '    arguments)',
    '      case $words[1] in',
    ...commands.map((command) => caseOf(command, options)),
    '      esac ;;',
    '  esac',
    '}',
    'if [ "$funcstack[1]" = "_haulyard" ]; then _haulyard "$@"; else compdef _haulyard haulyard; fi',
    '',
  ].join('\n');
}

function caseOf({ name, options }: CommandRow, globals: readonly OptionRow[]): string {
  const own = new Set(options.flatMap(({ flags }) => flags));
  const others = globals.filter(({ flags }) => !flags.some((flag) => own.has(flag)));
  const argument = name === 'completion' ? "'1:shell:(bash zsh fish)'" : "'*: :_files'";
  const specs = [...options, ...others].map(optionSpec);
  return `        ${name}) _arguments ${[...specs, argument].join(' ')} ;;`;
}

/** One option as `_arguments` takes it. */
function optionSpec({ flags, value, description, ...option }: OptionRow): string {
  const text = description.replaceAll(/[[\]:]/g, ' ');
  const action = value === '' ? '' : `:value:${actionOf(option)}`;
  return quoted(`${flags.at(-1)}[${text}]${action}`);
}

function actionOf({ kind, words }: Pick<OptionRow, 'kind' | 'words'>): string {
  if (kind === 'words') return `(${words.join(' ')})`;
  if (kind === 'folder') return '_files -/';
  return kind === 'file' ? '_files' : ' ';
}

/** A quote inside single quotes ends them, stands alone, and begins them again. */
function quoted(text: string): string {
  const quote = "'\\''";
  return `'${text.replaceAll("'", () => quote)}'`;
}
