import { Menu, type MenuItemConstructorOptions } from 'electron';
import { itemStates, type TrayActions, trayTemplate } from './menu-items.ts';
import { mutateMenu } from './mutate-menu.ts';
import type { TrayModel } from './tray-model.ts';

/**
 * First Electron whose menus show a changed label (https://github.com/electron/electron/pull/49678 and its
 * documentation).
 */
const LIVE_LABELS_SINCE = 45;

/** The menu under the icon. */
export interface TrayMenu {
  current(): Menu;
  /** Applies the differences. Returns true when the tray must be given the menu again. */
  apply(model: TrayModel): boolean;
  isOpen(): boolean;
}

/** Callbacks of the menu. */
export interface TrayMenuOptions {
  readonly actions: TrayActions;
  readonly now: () => number;
  readonly onOpen: () => void;
  readonly onClosed: () => void;
}

/** Not every desktop reports that a menu was closed; after this time it counts as closed. */
const OPEN_AT_MOST_MS = 60_000;

/**
 * Builds the menu once and changes it in place, because a menu that is replaced while it is open closes under the
 * user's hand. Only on an Electron that does not redraw labels is it rebuilt, while it is closed.
 */
export function createTrayMenu(model: TrayModel, options: TrayMenuOptions): TrayMenu {
  const { actions, now, onOpen, onClosed } = options;
  const hasLiveLabels = Number.parseInt(process.versions.electron ?? '0', 10) >= LIVE_LABELS_SINCE;
  let openedAt: number | null = null;
  let menu = built(model);
  let hasOldLabels = false;

  function built(from: TrayModel): Menu {
    const template: MenuItemConstructorOptions[] = trayTemplate(from, actions);
    const made = Menu.buildFromTemplate(template);
    made.on('menu-will-show', () => {
      openedAt = now();
      onOpen();
    });
    made.on('menu-will-close', () => {
      openedAt = null;
      onClosed();
    });
    return made;
  }

  const isOpen = () => openedAt !== null && now() - openedAt < OPEN_AT_MOST_MS;
  return {
    current: () => menu,
    isOpen,
    apply: (next) => {
      const { changed, relabelled } = mutateMenu(menu, itemStates(next));
      hasOldLabels ||= relabelled && !hasLiveLabels;
      if (hasOldLabels && !isOpen()) {
        menu = built(next);
        hasOldLabels = false;
        return true;
      }
      // A status notifier sends a copy of the menu to the desktop. Elsewhere it is the same menu.
      return changed && process.platform === 'linux';
    },
  };
}
