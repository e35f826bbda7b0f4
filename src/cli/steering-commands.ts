import type { Command } from 'commander';
import type { Invocation } from './invocation.ts';
import { parseId, parseLimitOrOff, parsePosition } from './option-values.ts';

/** Adds the commands that control and follow the live engine, whoever owns it. */
export function addSteeringCommands(program: Command, choose: (invocation: Invocation) => void): void {
  program
    .command('pause')
    .description('pause one download, or all; what is here stays')
    .argument('[id]', 'id of a download, or its first characters', parseId)
    .action((id: string | undefined) => choose({ command: 'pause', ...(id === undefined ? {} : { id }) }));
  program
    .command('limit')
    .description('show or set the speed limit of all downloads together')
    .argument('[speed]', 'a speed such as 5MB/s, or off', parseLimitOrOff)
    .action((bytesPerSecond: number | null | undefined) =>
      choose({ command: 'limit', ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }) }),
    );
  program
    .command('move')
    .description('give a download another place in the queue')
    .argument('<id>', 'id of a download, or its first characters', parseId)
    .argument('<position>', 'the new place; 1 is the first', parsePosition)
    .action((id: string, position: number) => choose({ command: 'move', id, position }));
  program
    .command('watch')
    .description('show everything that is downloaded, by whatever program, until Ctrl-C')
    .action(() => choose({ command: 'watch' }));
  program.command('background', { hidden: true }).action(() => choose({ command: 'background' }));
}
