import type { CommandTable, OptionRow } from './command-table.ts';

/** The script that fish completes `haulyard` with. */
export function fishCompletion({ options, commands }: CommandTable): string {
  const lines = [
    '# fish completion for haulyard: haulyard completion fish | source',
    'complete -c haulyard -f',
    ...options.map((option) => `complete -c haulyard ${optionWords(option)}`),
    ...commands.map(
      ({ name, description }) =>
        `complete -c haulyard -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
    ),
    ...commands.flatMap(({ name, options: own }) =>
      own.map(
        (option) => `complete -c haulyard -n '__fish_seen_subcommand_from ${name}' ${optionWords(option)}`,
      ),
    ),
    "complete -c haulyard -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'",
  ];
  return `${lines.join('\n')}\n`;
}

function optionWords({ flags, value, kind, words, description }: OptionRow): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const takes = value.startsWith('<') ? ['-r'] : [];
  const completes =
    kind === 'words'
      ? [`-a ${quoted(words.join(' '))}`]
      : kind === 'folder'
        ? ["-a '(__fish_complete_directories)'"]
        : kind === 'file'
          ? ['-F']
          : [];
  return [...names, ...takes, ...completes, `-d ${quoted(description)}`].join(' ');
}

/** In single quotes fish knows only these two escapes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
