import { app, BrowserWindow, nativeTheme } from 'electron';
import { type BridgeEvent, EVENT_CHANNEL, type PageRequest } from '../../shared/contract/bridge.ts';
import { followContextMenus, type PopUpMenu } from '../context-menu/context-menus.ts';
import type { Log } from '../logs/log.ts';
import { windowBounds } from './bounds.ts';
import type { OnClose } from './on-close.ts';
import { createPageChannel } from './page-channel.ts';
import { watchPage } from './watch-page.ts';
import { background, windowOptions } from './window-options.ts';
import { followPlace, type Place, workAreas } from './window-place.ts';

/** What {@link createMainWindow} needs. */
export interface MainWindowDeps {
  readonly preload: string;
  readonly icon: string;
  /** Address of the page: its own scheme, or the development server. */
  readonly page: string;
  /** Started at login: in sight only when somebody asks. */
  readonly isHiddenAtFirst: boolean;
  readonly place: Place;
  readonly savePlace: (place: Place) => void;
  readonly onClose: () => OnClose;
  readonly quit: () => void;
  readonly news: () => readonly BridgeEvent[];
  /** The page died too often to be loaded once more. */
  readonly onHopeless: () => void;
  readonly log: Log;
}

/** The one window of the app. It is made once, and hidden instead of closed. */
export interface MainWindow {
  /** In front, with the request handed to the page. */
  show(request?: PageRequest): void;
  /** Out of sight, at once. */
  hide(): void;
  tell(event: BridgeEvent): void;
  /** The page called, so it listens. */
  pageListens(): void;
  isFocused(): boolean;
  /** Null once it is gone for good. */
  contentsId(): number | null;
  reload(): void;
  readonly popUpMenu: PopUpMenu;
  /** The user drags this file or folder out of the window. */
  drag(path: string): void;
}

/** Makes the window and loads the page into it. It shows itself as soon as there is something to see. */
export function createMainWindow(deps: MainWindowDeps): MainWindow {
  const { log, page } = deps;
  const window = new BrowserWindow(
    windowOptions({
      bounds: windowBounds(deps.place.bounds, workAreas()),
      platform: process.platform,
      isDark: nativeTheme.shouldUseDarkColors,
      preload: deps.preload,
      icon: deps.icon,
    }),
  );
  const { webContents } = window;
  const isVisible = () => !window.isDestroyed() && window.isVisible() && !window.isMinimized();
  const channel = createPageChannel({
    post: (event) => {
      if (!window.isDestroyed()) webContents.send(EVENT_CHANNEL, event);
    },
    isVisible,
    news: deps.news,
  });

  window.once('ready-to-show', () => {
    if (deps.isHiddenAtFirst) return;
    if (deps.place.isMaximized) window.maximize();
    window.show();
  });
  window.on('show', channel.isShown);
  window.on('restore', channel.isShown);
  window.on('close', (event) => {
    const what = deps.onClose();
    if (what === 'close') return;
    event.preventDefault();
    if (what === 'hide') hide(window);
    else deps.quit();
  });
  followPlace(window, deps.savePlace);
  if (process.platform !== 'darwin') {
    nativeTheme.on('updated', () => window.setBackgroundColor(background(nativeTheme.shouldUseDarkColors)));
  }

  // Another document has begun; it listens once it makes its first call.
  webContents.on('did-navigate', (_event, address) => {
    channel.loads();
    if (address.split('#')[0] === page) return;
    // Chromium asks nobody before it shows `about:blank`, which would leave an empty window behind.
    log.warn(`The page left for ${address.slice(0, 200)} and is loaded again.`);
    watch.comeBack();
  });
  const watch = watchPage(webContents, {
    onDeath: channel.loads,
    revive: load,
    onHopeless: deps.onHopeless,
    log,
  });
  const popUpMenu = followContextMenus(window);

  function load(): void {
    window.loadURL(page).catch((error: unknown) => log.error(`The page did not load: ${String(error)}`));
  }
  load();

  return {
    show: (request) => {
      if (request) channel.request(request);
      if (window.isMinimized()) window.restore();
      window.show();
      // From the menu bar, a notification or a link another app is in front.
      if (process.platform === 'darwin') app.focus({ steal: true });
      window.focus();
    },
    hide: () => {
      if (!window.isDestroyed()) window.hide();
    },
    tell: channel.tell,
    pageListens: channel.listens,
    isFocused: () => isVisible() && window.isFocused(),
    contentsId: () => (window.isDestroyed() ? null : webContents.id),
    popUpMenu,
    drag: (file) => {
      if (!window.isDestroyed()) webContents.startDrag({ file, icon: deps.icon });
    },
    reload: () => {
      watch.forgive();
      load();
    },
  };
}

/** A full screen window on a Mac would leave an empty space behind; it must leave full screen first. */
function hide(window: BrowserWindow): void {
  if (!window.isFullScreen()) {
    window.hide();
    return;
  }
  window.once('leave-full-screen', () => window.hide());
  window.setFullScreen(false);
}
