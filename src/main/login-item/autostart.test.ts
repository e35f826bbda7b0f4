import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autostartFile, setAutostart } from './autostart-file.ts';
import { autostartEntry } from './desktop-entry.ts';

const program = { name: 'Haulyard', executable: '/opt/Haulyard/haulyard', args: ['--hidden'] };

describe('autostartEntry', () => {
  it('starts the program with its flag', () => {
    expect(autostartEntry(program)).toContain('\nExec=/opt/Haulyard/haulyard --hidden\n');
  });

  it('quotes a path as the specification wants it', () => {
    const executable = '/home/a b/50% $cash/Haulyard "x".AppImage';
    expect(autostartEntry({ ...program, executable })).toContain(
      'Exec="/home/a b/50%% \\\\$cash/Haulyard \\\\"x\\\\".AppImage" --hidden',
    );
  });
});

describe('autostartFile', () => {
  it('follows an absolute XDG_CONFIG_HOME and ignores a relative one', () => {
    expect(autostartFile({ XDG_CONFIG_HOME: '/x' }, '/home/me')).toBe('/x/autostart/haulyard.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: 'x' }, '/home/me')).toBe(
      '/home/me/.config/autostart/haulyard.desktop',
    );
  });
});

describe('setAutostart', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'autostart-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes an entry where there was no folder, and takes it away again', async () => {
    const file = join(folder, 'autostart', 'haulyard.desktop');
    await setAutostart(file, program);
    expect(await readFile(file, 'utf8')).toContain('[Desktop Entry]');
    await setAutostart(file, null);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
    await setAutostart(file, null);
  });
});
