import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { applicationMenu, type MenuActions } from './application-menu.ts';

function actions() {
  const names = [
    'request',
    'pauseAll',
    'resumeAll',
    'clearFinished',
    'moveSelected',
    'openHelp',
    'showLogs',
    'showLicenses',
    'quit',
  ] as const;
  return Object.fromEntries(names.map((name) => [name, vi.fn()])) as unknown as MenuActions;
}

function itemsOf(platform: NodeJS.Platform, handed = actions(), isDevelopment = false) {
  const menus = applicationMenu({ platform, appName: 'Haulyard', isDevelopment, actions: handed });
  return menus.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
}

const byId = (items: MenuItemConstructorOptions[], id: string) => items.find((item) => item.id === id);
const click = (item: MenuItemConstructorOptions | undefined) =>
  item?.click?.(null as never, undefined, null as never);

describe('applicationMenu', () => {
  it.each([
    ['show-discover', 'CmdOrCtrl+1'],
    ['show-downloads', 'CmdOrCtrl+2'],
    ['show-library', 'CmdOrCtrl+3'],
    ['settings', 'CmdOrCtrl+,'],
    ['paste-link', 'CmdOrCtrl+L'],
    ['find', 'CmdOrCtrl+F'],
    ['new-download', 'CmdOrCtrl+N'],
    ['show-inspector', 'Alt+CmdOrCtrl+I'],
    ['hide-inspector', 'Alt+CmdOrCtrl+I'],
    ['remove-selected', 'CmdOrCtrl+Backspace'],
    ['verify-selected', 'Alt+CmdOrCtrl+R'],
    ['quit', 'CmdOrCtrl+Q'],
  ])('has %s on %s', (id, accelerator) => {
    for (const platform of ['darwin', 'linux'] as const) {
      expect(byId(itemsOf(platform), id)?.accelerator).toBe(accelerator);
    }
  });

  it('passes the page’s actions to the page', () => {
    const handed = actions();
    const items = itemsOf('darwin', handed);
    click(byId(items, 'show-inspector'));
    click(byId(items, 'show-library'));
    expect(handed.request).toHaveBeenNthCalledWith(1, { do: 'toggle-inspector' });
    expect(handed.request).toHaveBeenNthCalledWith(2, { do: 'show', section: 'library' });
  });

  it('takes Space from nobody who types', () => {
    expect(byId(itemsOf('darwin'), 'pause-selected')?.accelerator).toBeUndefined();
    expect(byId(itemsOf('linux'), 'pause-selected')).toMatchObject({
      accelerator: 'Space',
      registerAccelerator: false,
    });
  });

  it('uses no shortcut twice', () => {
    for (const platform of ['darwin', 'linux'] as const) {
      const used = itemsOf(platform, actions(), true).flatMap(({ accelerator, visible }) =>
        accelerator === undefined || visible === false ? [] : [String(accelerator)],
      );
      expect(used).toEqual([...new Set(used)]);
    }
  });

  it('has every command once, in title case', () => {
    const labels = itemsOf('darwin').flatMap(({ label }) => (label === undefined ? [] : [label]));
    expect(labels).toEqual([...new Set(labels)]);
    expect(
      labels.filter((label) => !/^[A-Z]/.test(label) || /\b(all|finished|download)\b/.test(label)),
    ).toEqual([]);
  });

  it('has what a Mac user looks for: zoom, sidebar, moving in the queue', () => {
    const items = itemsOf('darwin');
    expect(items.map(({ role }) => role)).toEqual(expect.arrayContaining(['resetZoom', 'zoomIn', 'zoomOut']));
    expect(byId(items, 'show-sidebar')?.accelerator).toBe('Ctrl+Cmd+S');
    const handed = actions();
    click(byId(itemsOf('linux', handed), 'move-up'));
    expect(handed.moveSelected).toHaveBeenCalledWith(-1);
  });

  it('has an application menu on macOS only', () => {
    const labels = (platform: NodeJS.Platform) =>
      applicationMenu({ platform, appName: 'Haulyard', isDevelopment: false, actions: actions() }).map(
        ({ label, role }) => label ?? role,
      );
    expect(labels('darwin')).toEqual(['Haulyard', 'File', 'Edit', 'View', 'Download', 'windowMenu', 'Help']);
    expect(labels('linux')).toEqual(['File', 'Edit', 'View', 'Download', 'Help']);
  });

  it('keeps developer tools out of what users get', () => {
    const roles = (isDevelopment: boolean) =>
      itemsOf('linux', actions(), isDevelopment).map(({ role }) => role);
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(true)).toContain('toggleDevTools');
  });
});
