import type { CommandTable, OptionRow } from './command-table.ts';

/** The script that bash completes `haulyard` with. Needs nothing but bash 3.2, which macOS has. */
export function bashCompletion({ options, commands }: CommandTable): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map(
    ({ name, options: own }) => `    ${name}) options="${flagsOf([...own, ...options])}" ;;`,
  );
  const all = [...options, ...commands.flatMap((command) => command.options)];
  return `# bash completion for haulyard: eval "$(haulyard completion bash)"
_haulyard() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="" options="${flagsOf(options)}" word i skip=""
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ -n $skip ]]; then skip=""; continue; fi
    case "$word" in
      ${valued(all).join('|')}) skip=1 ;;
      -*) ;;
      *) [[ -z $command ]] && command="$word" ;;
    esac
  done
  case "$previous" in
${valueCases(all).join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "${names}" -- "$current"))
  elif [[ $command == completion ]]; then
    COMPREPLY=($(compgen -W "bash zsh fish" -- "$current"))
  fi
}
complete -o default -F _haulyard haulyard
`;
}

function flagsOf(options: readonly OptionRow[]): string {
  return [...new Set(options.flatMap(({ flags }) => flags.filter((flag) => flag.startsWith('--'))))].join(
    ' ',
  );
}

/** Options that a value follows. */
function valued(options: readonly OptionRow[]): readonly string[] {
  return [...new Set(options.filter(({ value }) => value.startsWith('<')).flatMap(({ flags }) => flags))];
}

function valueCases(options: readonly OptionRow[]): readonly string[] {
  const completed = new Map<string, string>();
  for (const { flags, kind, words } of options) {
    if (kind === 'other') continue;
    const reply =
      kind === 'words' ? `compgen -W "${words.join(' ')}"` : kind === 'folder' ? 'compgen -d' : 'compgen -f';
    for (const flag of flags) {
      completed.set(flag, `    ${flag}) COMPREPLY=($(${reply} -- "$current")); return ;;`);
    }
  }
  return [...completed.values()];
}
