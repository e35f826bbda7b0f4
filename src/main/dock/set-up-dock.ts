import { app, BrowserWindow, Menu } from 'electron';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import { atMostEvery } from '../tray/at-most-every.ts';
import { followState } from '../tray/follow-state.ts';
import { trayModel } from '../tray/tray-model.ts';
import { type Batch, type DockProgress, dockItems, dockProgress, nextBatch } from './progress.ts';
import { dockWords } from './words.ts';

/** Removes bar and badge. */
export interface DockHandle {
  dispose(): void;
}

const UPDATE_INTERVAL_MS = 500;
/** Smaller changes of a bar some 50 pixels wide are invisible, but each redraws the Dock's icon. */
const SMALLEST_STEP = 0.002;
const NOTHING: DockProgress = { share: -1, mode: 'normal', badge: 0 };

/** Progress bar and badge on the Dock icon or the taskbar button, and the menu of the Dock icon. */
export function setUpDock(deps: ShellDeps): DockHandle {
  let batch: Batch = new Set();
  let shown = NOTHING;
  const applyMenu = createDockMenu(deps);
  deps.exposeForTests('taskbar', () => shown);

  function update(): void {
    const state = deps.state.current();
    const items = dockItems(state?.downloads ?? [], state?.builds ?? []);
    batch = nextBatch(batch, items);
    applyMenu();
    const next = dockProgress(batch, items);
    if (isSame(shown, next)) return;
    showBadge(shown, next);
    shown = next;
    for (const window of BrowserWindow.getAllWindows()) showBar(window, next);
  }

  const updates = atMostEvery(UPDATE_INTERVAL_MS, update);
  const onWindow = (_event: unknown, window: BrowserWindow) => {
    if (shown.share >= 0) window.once('show', () => showBar(window, shown));
  };
  app.on('browser-window-created', onWindow);
  const end = followState(deps, updates);
  updates.request();
  return {
    dispose: () => {
      end();
      app.off('browser-window-created', onWindow);
      updates.dispose();
      showBadge(shown, NOTHING);
      for (const window of BrowserWindow.getAllWindows()) showBar(window, NOTHING);
    },
  };
}

function isSame(a: DockProgress, b: DockProgress): boolean {
  const isClose = Math.abs(a.share - b.share) < SMALLEST_STEP;
  return isClose && a.share < 0 === b.share < 0 && a.mode === b.mode && a.badge === b.badge;
}

function showBar(window: BrowserWindow, { share, mode }: DockProgress): void {
  if (!window.isDestroyed()) window.setProgressBar(share, { mode: share < 0 ? 'none' : mode });
}

/** macOS, and the Linux desktops that support Unity's launcher interface. */
function showBadge(before: DockProgress, { badge }: DockProgress): void {
  if (badge !== before.badge && process.platform !== 'win32') app.setBadgeCount(badge);
}

/** Returns a function that updates the Dock's menu; it exists on macOS only. */
function createDockMenu(deps: ShellDeps): () => void {
  const run = (name: 'downloads.pauseAll' | 'downloads.resumeAll') => () => {
    void deps.call(name, {}).then((outcome) => {
      if (!outcome.ok) deps.log.warn(`dock: ${outcome.error.code}: ${outcome.error.message}`);
    });
  };
  const menu = Menu.buildFromTemplate([
    { id: 'pause-all', label: dockWords.pauseAll, click: run('downloads.pauseAll') },
    { id: 'resume-all', label: dockWords.resumeAll, click: run('downloads.resumeAll') },
  ]);
  app.dock?.setMenu(menu);
  deps.exposeForTests('dockMenu', menu);
  return () => {
    const { canPauseAll, canResumeAll } = trayModel({
      state: deps.state.current(),
      engine: deps.engineStatus.current(),
      name: deps.catalogName,
      slots: [],
      limit: null,
    });
    setEnabled(menu, 'pause-all', canPauseAll);
    setEnabled(menu, 'resume-all', canResumeAll);
  };
}

function setEnabled(menu: Menu, id: string, enabled: boolean): void {
  const item = menu.getMenuItemById(id);
  if (item !== null && item.enabled !== enabled) item.enabled = enabled;
}
