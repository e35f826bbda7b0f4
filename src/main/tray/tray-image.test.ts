import { access } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { trayImageName } from './tray-image.ts';

const RESOURCES = new URL('../../../resources/tray/', import.meta.url);

describe('trayImageName', () => {
  it('leaves the colour to macOS', () => {
    const context = { platform: 'darwin', isDark: true, desktop: '' } as const;
    expect(trayImageName('active', context)).toBe('activeTemplate.png');
  });

  it('is light on a dark theme, and on a panel that is always dark', () => {
    const linux = { platform: 'linux', isDark: false, desktop: 'ubuntu:GNOME' } as const;
    expect(trayImageName('idle', linux)).toBe('idle-on-dark.png');
    expect(trayImageName('idle', { ...linux, desktop: 'KDE' })).toBe('idle-on-light.png');
    expect(trayImageName('idle', { ...linux, desktop: 'KDE', isDark: true })).toBe('idle-on-dark.png');
  });

  it('names pictures that exist', async () => {
    for (const state of ['idle', 'active', 'paused'] as const) {
      for (const platform of ['darwin', 'linux', 'win32'] as const) {
        for (const isDark of [true, false]) {
          const name = trayImageName(state, { platform, isDark, desktop: '' });
          await access(new URL(name, RESOURCES));
          await access(new URL(name.replace('.png', '@2x.png'), RESOURCES));
        }
      }
    }
  });
});
