import type { Command } from 'commander';
import { SHELLS, type Shell } from './completion/shells.ts';
import type { Invocation } from './invocation.ts';
import { parseShell } from './option-values.ts';

/** Adds `completion` to `program`. */
export function addCompletion(program: Command, choose: (invocation: Invocation) => void): void {
  program
    .command('completion')
    .description('print shell completions for commands and options')
    .argument('<shell>', `one of ${SHELLS.join(', ')}`, parseShell)
    .action((shell: Shell) => choose({ command: 'completion', shell }));
}
