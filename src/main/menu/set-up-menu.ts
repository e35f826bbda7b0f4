import { join } from 'node:path';
import { app, Menu } from 'electron';
import type { ShellCall, ShellDeps } from '../foundation/shell-deps.ts';
import { atMostEvery } from '../tray/at-most-every.ts';
import { followState } from '../tray/follow-state.ts';
import { mutateMenu } from '../tray/mutate-menu.ts';
import { applicationMenu, type MenuActions } from './application-menu.ts';
import { menuState, movedTo } from './menu-state.ts';

/** Creates the menu bar, and keeps its items up to date. */
export function setUpMenu(deps: ShellDeps): void {
  const menu = Menu.buildFromTemplate(
    applicationMenu({
      platform: process.platform,
      appName: app.name,
      isDevelopment: !app.isPackaged,
      actions: menuActions(deps),
    }),
  );
  const update = () => {
    const facts = {
      downloads: downloadsOf(deps),
      builds: deps.state.current()?.builds ?? [],
      isEngineRunning: deps.engineStatus.current().state === 'running',
      page: deps.windowReport.current(),
    };
    mutateMenu(menu, menuState(facts));
  };
  const updates = atMostEvery(UPDATE_INTERVAL_MS, update);
  followState(deps, updates);
  deps.windowReport.onChange(updates.flush);
  update();
  Menu.setApplicationMenu(menu);
  deps.exposeForTests('applicationMenu', menu);
}

/** Items follow states, not numbers, which nobody sees more often. */
const UPDATE_INTERVAL_MS = 500;

const downloadsOf = ({ state }: Pick<ShellDeps, 'state'>) => state.current()?.downloads ?? [];

function menuActions(deps: ShellDeps): MenuActions {
  const send: (...command: Parameters<ShellCall>) => void = (name, args) => {
    void deps.call(name, args).then((outcome) => {
      if (!outcome.ok) deps.log.warn(`menu: ${name}: ${outcome.error.code}: ${outcome.error.message}`);
    });
  };
  return {
    request: (request) => deps.showWindow(request),
    pauseAll: () => send('downloads.pauseAll', {}),
    resumeAll: () => send('downloads.resumeAll', {}),
    clearFinished: () => {
      const finished = downloadsOf(deps).filter(({ state }) => state === 'ready');
      // Downloaded files stay: only the entry of the list is removed.
      for (const { id } of finished) send('downloads.cancel', { id, keepPartial: true });
    },
    moveSelected: (step) => {
      const { selected } = deps.windowReport.current();
      const position = selected === null ? null : movedTo(downloadsOf(deps), selected, step);
      if (selected !== null && position !== null) send('downloads.move', { id: selected, position });
    },
    openHelp: (url) => send('shell.open', { url }),
    showLogs: () => void showLogs(deps),
    showLicenses: deps.showLicenses,
    quit: () => deps.quit(),
  };
}

async function showLogs({ call, log }: ShellDeps): Promise<void> {
  const info = await call('app.info', {});
  if (!info.ok) return;
  const shown = await call('shell.reveal', { path: join(info.value.dataDir, 'logs') });
  if (!shown.ok) log.warn(`menu: logs: ${shown.error.message}`);
}
