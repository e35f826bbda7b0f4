import { type BrowserWindow, Menu } from 'electron';
import type { ContextItem, ContextMenuGroups } from '../../shared/contract/context-menu.ts';
import { createClickWatch } from './click-watch.ts';
import { rowMenuTemplate } from './row-menu.ts';
import { textMenuItems } from './text-menu.ts';

/** Opens the menu that the page names, if the user asked for one. Null when nothing was chosen, or nobody clicked. */
export type PopUpMenu = (groups: ContextMenuGroups) => Promise<ContextItem | null>;

/**
 * The context menus of the window: that of text is made here, that of a row is named by the page after the click. Both are menus of the
 * system, so they reach over the edge of the window, look like all others, and close as they do.
 */
export function followContextMenus(window: BrowserWindow): PopUpMenu {
  const watch = createClickWatch({ monotonic: () => performance.now(), later: setTimeout });
  window.webContents.on('context-menu', (_event, clicked) => {
    const items = textMenuItems(clicked);
    if (items.length > 0) Menu.buildFromTemplate([...items]).popup({ window });
    else watch.clicked();
  });
  return async (groups) => {
    if (!(await watch.take()) || window.isDestroyed()) return null;
    return await new Promise((resolve) => {
      let chosen: ContextItem | null = null;
      const platform =
        process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
      const onChoose = (name: ContextItem) => {
        chosen = name;
      };
      const menu = Menu.buildFromTemplate(rowMenuTemplate(groups, { platform, onChoose }));
      // The click of an item may be reported after the menu closed.
      menu.popup({ window, callback: () => setImmediate(() => resolve(chosen)) });
    });
  };
}
