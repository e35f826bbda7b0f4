import type { ItemState } from './menu-items.ts';

/** The part of a menu that is needed to change it. */
export interface ChangeableMenu {
  getMenuItemById(id: string): { label: string; enabled: boolean; visible: boolean; checked: boolean } | null;
}

/** What changed in a menu. A change of labels alone may need more than the others; see `tray-menu.ts`. */
export interface MenuChange {
  readonly changed: boolean;
  readonly relabelled: boolean;
}

/** Sets only what differs: each assignment may cost a redraw or a message to the desktop. */
export function mutateMenu(menu: ChangeableMenu, states: ReadonlyMap<string, ItemState>): MenuChange {
  let changed = false;
  let relabelled = false;
  for (const [id, state] of states) {
    const item = menu.getMenuItemById(id);
    if (item === null) continue;
    if (state.label !== undefined && state.label !== item.label) {
      item.label = state.label;
      relabelled = true;
    }
    for (const key of ['enabled', 'visible'] as const) {
      const value = state[key];
      if (value === undefined || value === item[key]) continue;
      item[key] = value;
      changed = true;
    }
    // Electron checks a radio item whatever is assigned, and unchecks its neighbors.
    if (state.checked === true && !item.checked) {
      item.checked = true;
      changed = true;
    }
  }
  return { changed: changed || relabelled, relabelled };
}
