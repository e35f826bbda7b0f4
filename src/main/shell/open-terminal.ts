import { spawn } from 'node:child_process';
import { AppError } from '../../shared/contract/errors.ts';

/** A program and its arguments; it is started in the folder, without a shell in between. */
export type TerminalCommand = readonly [program: string, ...args: string[]];

/**
 * What opens a terminal in a folder, the first one that is there. Linux has no one name for it: that of the freedesktop proposal
 * (xdg-terminal-exec) comes first, then that of Debian's alternatives.
 */
export function terminalCommands(folder: string, platform: NodeJS.Platform): readonly TerminalCommand[] {
  switch (platform) {
    case 'darwin':
      return [['/usr/bin/open', '-a', 'Terminal', folder]];
    case 'win32':
      return [['cmd.exe', '/c', 'start', 'cmd.exe']];
    default:
      return [['xdg-terminal-exec'], ['x-terminal-emulator'], ['gnome-terminal'], ['konsole'], ['xterm']];
  }
}

/** Starts a program and lets go of it. Rejects when it is not there. */
export type Start = (command: TerminalCommand, folder: string) => Promise<void>;

/** Opens a terminal in a folder. Throws `NotFound` where there is none. */
export async function openTerminal(
  folder: string,
  platform: NodeJS.Platform = process.platform,
  start: Start = startDetached,
): Promise<void> {
  for (const command of terminalCommands(folder, platform)) {
    const isStarted = await start(command, folder).then(
      () => true,
      () => false,
    );
    if (isStarted) return;
  }
  throw new AppError('NotFound', 'No terminal was found on this computer.');
}

const startDetached: Start = ([program, ...args], folder) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, detached: true, stdio: 'ignore' });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
