import type { Command } from 'commander';
import type { Invocation } from './invocation.ts';
import { parseId, parseLimitOrOff, parsePosition } from './option-values.ts';

/** Adds the commands that control and follow the live engine, whoever owns it. */
export function addSteeringCommands(program: Command, choose: (invocation: Invocation) => void): void {
  program
    .command('pause')
    .description('pause one download, or all')
    .argument('[id]', 'id of a download, or its first characters', parseId)
    .action((id: string | undefined) => choose({ command: 'pause', ...(id === undefined ? {} : { id }) }));
  program
    .command('limit')
    .description('show or set the speed limit for all downloads combined')
    .argument('[speed]', 'a speed such as 5MB/s, or off', parseLimitOrOff)
    .action((bytesPerSecond: number | null | undefined) =>
      choose({ command: 'limit', ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }) }),
    );
  program
    .command('move')
    .description('move a download within the queue')
    .argument('<id>', 'id of a download, or its first characters', parseId)
    .argument('<position>', 'new position; 1 is the first', parsePosition)
    .action((id: string, position: number) => choose({ command: 'move', id, position }));
  program
    .command('watch')
    .description('follow all downloads, whichever program runs them, until Ctrl-C')
    .action(() => choose({ command: 'watch' }));
  program.command('background', { hidden: true }).action(() => choose({ command: 'background' }));
}
