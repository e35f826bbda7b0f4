import { join } from 'node:path';
import { app, nativeTheme, Tray } from 'electron';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import { atMostEvery, processTimers } from './at-most-every.ts';
import { followState } from './follow-state.ts';
import { type TrayState, trayState, trayTitle } from './headline.ts';
import { assignSlots, type Slots } from './slots.ts';
import { followLimit } from './speed-limit.ts';
import { trayActions } from './tray-actions.ts';
import { trayImageName } from './tray-image.ts';
import { createTrayMenu } from './tray-menu.ts';
import { listedIds, trayModel } from './tray-model.ts';
import { trayWords } from './words.ts';

/** Removes the icon. */
export interface TrayHandle {
  dispose(): void;
}

/**
 * How often numbers change; states change at once. On Linux each change sends a whole menu to the desktop, which was 85
 * % of the work of the main process at two changes a second.
 */
const UPDATE_INTERVAL_MS = process.platform === 'linux' ? 2000 : 500;

/** The icon in the menu bar (macOS) or the system tray, while the preferences enable it. */
export function setUpTray(deps: ShellDeps): TrayHandle {
  let shown: TrayHandle | null = null;
  const follow = () => {
    const isWanted = deps.preferences.current().menuBarIcon;
    if (isWanted) shown ??= tryToShow(deps);
    else shown?.dispose();
    if (!isWanted) shown = null;
  };
  follow();
  const unsubscribe = deps.preferences.onChange(follow);
  return {
    dispose: () => {
      unsubscribe();
      shown?.dispose();
    },
  };
}

/** A desktop without a tray must not keep the app from running. */
function tryToShow(deps: ShellDeps): TrayHandle | null {
  try {
    return showTray(deps);
  } catch (error) {
    deps.log.warn(`no tray icon: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function showTray(deps: ShellDeps): TrayHandle {
  let slots: Slots = assignSlots([], listedIds(deps.state.current()), false);
  const limit = followLimit(deps, () => updates.flush());
  const model = () =>
    trayModel({
      state: deps.state.current(),
      engine: deps.engineStatus.current(),
      name: deps.catalogName,
      slots,
      limit: limit.current(),
    });
  const menu = createTrayMenu(model(), {
    actions: trayActions(deps, {
      idOf: (slot) => slots[slot] ?? null,
      isBuild: (wanted) => deps.state.current()?.builds.some(({ id }) => id === wanted) ?? false,
      setLimit: limit.set,
    }),
    now: () => processTimers.now(),
    onOpen: () => updates.request(),
    onClosed: () => updates.request(),
  });
  let imageName = currentImageName(deps);
  const tray = new Tray(imagePath(imageName));
  const face = { title: '', tooltip: '' };

  function update(): void {
    slots = assignSlots(slots, listedIds(deps.state.current()), menu.isOpen());
    const next = model();
    if (menu.apply(next)) tray.setContextMenu(menu.current());
    const name = currentImageName(deps);
    if (name !== imageName) tray.setImage(imagePath(name));
    imageName = name;
    showFace(next.headline);
  }

  function showFace(headline: string): void {
    const title = trayTitle(deps.state.current());
    if (process.platform === 'darwin' && title !== face.title) {
      tray.setTitle(title === '' ? '' : ` ${title}`, { fontType: 'monospacedDigit' });
    }
    const tooltip = `${trayWords.appName} · ${headline}`;
    if (tooltip !== face.tooltip) tray.setToolTip(tooltip);
    Object.assign(face, { title, tooltip });
  }

  const updates = atMostEvery(UPDATE_INTERVAL_MS, update);
  tray.setContextMenu(menu.current());
  // macOS and most Linux desktops open the menu at a click; on Windows a click on the icon opens the window.
  if (process.platform === 'win32') tray.on('click', () => deps.showWindow());
  deps.exposeForTests('trayMenu', () => menu.current());
  updates.request();
  nativeTheme.on('updated', updates.request);
  const end = followState(deps, updates);
  return {
    dispose: () => {
      end();
      nativeTheme.off('updated', updates.request);
      updates.dispose();
      tray.destroy();
    },
  };
}

function currentImageName(deps: ShellDeps): string {
  const state: TrayState = trayState(deps.state.current());
  return trayImageName(state, {
    platform: process.platform,
    isDark: nativeTheme.shouldUseDarkColors,
    desktop: process.env.XDG_CURRENT_DESKTOP ?? '',
  });
}

function imagePath(name: string): string {
  return join(app.getAppPath(), 'resources', 'tray', name);
}
