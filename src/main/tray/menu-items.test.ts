import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { itemStates, type TrayActions, trayTemplate } from './menu-items.ts';
import { mutateMenu } from './mutate-menu.ts';
import type { TrayModel } from './tray-model.ts';

const idle: TrayModel = {
  headline: 'No downloads',
  rows: [null, null],
  more: 0,
  canPauseAll: false,
  canResumeAll: false,
  limit: null,
};
const row = { id: 'one', label: 'Moshi & Co · 41 %', canPause: true, canResume: false };

function actions(): TrayActions {
  const names = [
    'pause',
    'resume',
    'cancel',
    'show',
    'showDownloads',
    'pauseAll',
    'resumeAll',
    'limit',
  ] as const;
  const all = [...names, 'open', 'settings', 'quit'] as const;
  return Object.fromEntries(all.map((name) => [name, vi.fn()])) as unknown as TrayActions;
}

type Item = MenuItemConstructorOptions & {
  label: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
};

/** Like Electron: every property has a value, and a radio item is checked by any assignment. */
function menuOf(template: MenuItemConstructorOptions[]) {
  const items = new Map<string, Item>();
  const add = (list: MenuItemConstructorOptions[]) => {
    for (const options of list) {
      const item = { label: '', enabled: true, visible: true, checked: false, ...options } as Item;
      items.set(options.id ?? '', item);
      if (Array.isArray(options.submenu)) add(options.submenu);
    }
  };
  add(template);
  return { getMenuItemById: (id: string) => items.get(id) ?? null };
}

describe('the tray menu', () => {
  it('hides the places that are empty', () => {
    const menu = menuOf(trayTemplate({ ...idle, rows: [row, null] }, actions()));
    expect(menu.getMenuItemById('slot-0')?.visible).toBe(true);
    expect(menu.getMenuItemById('slot-1')?.visible).toBe(false);
  });

  it('acts on the place that was clicked', () => {
    const handed = actions();
    const menu = menuOf(trayTemplate({ ...idle, rows: [null, row] }, handed));
    menu.getMenuItemById('slot-1-pause')?.click?.(null as never, undefined, null as never);
    expect(handed.pause).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('shows an ampersand instead of making it an access key', () => {
    expect(itemStates({ ...idle, rows: [row] }).get('slot-0')?.label).toBe('Moshi && Co · 41 %');
  });

  it('marks the limit that is in force, also one that is no choice', () => {
    expect(itemStates({ ...idle, limit: 5_000_000 }).get('limit-5')).toEqual({ checked: true });
    expect(itemStates({ ...idle, limit: 3_500_000 }).get('limit-other')).toEqual({
      label: '3.5 MB/s',
      visible: true,
      checked: true,
    });
  });

  it('offers the limits of the design', () => {
    const labels = trayTemplate(idle, actions())
      .flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
      .filter(({ type, id }) => type === 'radio' && id !== 'limit-other')
      .map(({ label }) => label);
    expect(labels).toEqual(['Off', '1 MB/s', '5 MB/s', '10 MB/s']);
  });
});

describe('mutateMenu', () => {
  it('touches only what differs', () => {
    const menu = menuOf(trayTemplate(idle, actions()));
    expect(mutateMenu(menu, itemStates(idle))).toEqual({ changed: false, relabelled: false });
    expect(mutateMenu(menu, itemStates({ ...idle, canPauseAll: true }))).toEqual({
      changed: true,
      relabelled: false,
    });
    expect(menu.getMenuItemById('pause-all')?.enabled).toBe(true);
  });

  it('tells when a label changed', () => {
    const menu = menuOf(trayTemplate(idle, actions()));
    const change = mutateMenu(menu, itemStates({ ...idle, headline: '1 download' }));
    expect(change).toEqual({ changed: true, relabelled: true });
    expect(menu.getMenuItemById('headline')?.label).toBe('1 download');
  });

  it('never unchecks by hand, which Electron would take for checking', () => {
    const menu = menuOf(trayTemplate(idle, actions()));
    const off = menu.getMenuItemById('limit-off');
    let assigned = 0;
    Object.defineProperty(off, 'checked', { get: () => true, set: () => assigned++ });
    mutateMenu(menu, itemStates({ ...idle, limit: 1_000_000 }));
    expect(menu.getMenuItemById('limit-1')?.checked).toBe(true);
    expect(assigned).toBe(0);
  });
});
