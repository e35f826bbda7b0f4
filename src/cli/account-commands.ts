import type { Command } from 'commander';
import type { Invocation } from './invocation.ts';

/** Adds `login`, `logout` and `whoami` to `program`. */
export function addAccountCommands(program: Command, choose: (invocation: Invocation) => void): void {
  program
    .command('login')
    .description(
      'check a token from standard input with Hugging Face, and save it where its own tools find it',
    )
    .action(() => choose({ command: 'login' }));
  program
    .command('logout')
    .description('remove the saved token')
    .action(() => choose({ command: 'logout' }));
  program
    .command('whoami')
    .description('show whose token is in use, and where it comes from')
    .action(() => choose({ command: 'whoami' }));
}
