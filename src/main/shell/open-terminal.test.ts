import { describe, expect, it } from 'vitest';
import { openTerminal, type Start } from './open-terminal.ts';

/** A system on which only this program can be started. */
function systemWith(program: string | null) {
  const started: unknown[] = [];
  const start: Start = async (command, folder) => {
    if (command[0] !== program) throw new Error('ENOENT');
    started.push([command, folder]);
  };
  return { start, started };
}

describe('a terminal', () => {
  it('is the one of macOS, in the folder', async () => {
    const { start, started } = systemWith('/usr/bin/open');
    await openTerminal('/models/a b', 'darwin', start);
    expect(started).toEqual([[['/usr/bin/open', '-a', 'Terminal', '/models/a b'], '/models/a b']]);
  });

  it('is the first one that there is on Linux', async () => {
    const { start, started } = systemWith('x-terminal-emulator');
    await openTerminal('/models', 'linux', start);
    expect(started).toEqual([[['x-terminal-emulator'], '/models']]);
  });

  it('is missed in words', async () => {
    await expect(openTerminal('/models', 'linux', systemWith(null).start)).rejects.toMatchObject({
      code: 'NotFound',
      message: 'No terminal was found on this computer.',
    });
  });
});
