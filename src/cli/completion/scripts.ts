import { bashCompletion } from './bash.ts';
import { type CommandTable, commandTable } from './command-table.ts';
import { fishCompletion } from './fish.ts';
import type { Shell } from './shells.ts';
import { zshCompletion } from './zsh.ts';

const SCRIPTS: Readonly<Record<Shell, (table: CommandTable) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The script that makes a shell complete commands and options. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell](commandTable());
}
