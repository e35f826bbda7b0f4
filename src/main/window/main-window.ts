import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { type BridgeEvent, EVENT_CHANNEL, type PageRequest } from '../../shared/contract/bridge.ts';
import { judgeCrashes, withCrash } from '../engine-host/crash-budget.ts';
import type { Log } from '../logs/log.ts';
import type { ShellState } from '../preferences/shell-state.ts';
import { type Rectangle, windowBounds } from './bounds.ts';
import type { OnClose } from './on-close.ts';
import { createPageChannel } from './page-channel.ts';
import { background, windowOptions } from './window-options.ts';

/** What {@link createMainWindow} needs. */
export interface MainWindowDeps {
  readonly preload: string;
  readonly icon: string;
  /** Address of the page: its own scheme, or the development server. */
  readonly page: string;
  /** Started at login: in sight only when somebody asks. */
  readonly isHiddenAtFirst: boolean;
  readonly place: Pick<ShellState, 'bounds' | 'isMaximized'>;
  readonly savePlace: (place: Pick<ShellState, 'bounds' | 'isMaximized'>) => void;
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
}

/** A page may die three times within a minute before the user is asked. Chosen, not measured. */
const PAGE_CRASHES = { crashes: 4, withinMs: 60_000, firstDelayMs: 0, longestDelayMs: 0 } as const;
/** Moving a window tells of each point on its way; the place is saved when it has rested. */
const REST_MS = 500;

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

  let crashes: readonly number[] = [];
  // Another document has begun; it listens once it makes its first call.
  webContents.on('did-navigate', channel.loads);
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.error(`The page ended unasked: ${reason} (${exitCode})`);
    channel.loads();
    crashes = withCrash(crashes, Date.now(), PAGE_CRASHES);
    if (judgeCrashes(crashes, PAGE_CRASHES).do === 'give-up') deps.onHopeless();
    else load();
  });
  webContents.on('unresponsive', () => log.warn('The page does not answer.'));
  webContents.on('responsive', () => log.info('The page answers again.'));
  webContents.on('did-fail-load', (_event, code, description, address, isMainFrame) => {
    if (isMainFrame) log.error(`The page did not load: ${description} (${code}) ${address}`);
  });
  webContents.on('preload-error', (_event, path, error) => log.error(`${path}: ${error.message}`));

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
    reload: () => {
      crashes = [];
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

function followPlace(window: BrowserWindow, save: MainWindowDeps['savePlace']): void {
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
      save({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
    }, REST_MS);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('maximize', later);
  window.on('unmaximize', later);
  window.on('closed', () => clearTimeout(timer));
}

/** The areas of the displays that windows may use, the primary one first. */
function workAreas(): readonly Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map(({ workArea }) => workArea);
}
