import { join } from 'node:path';
import { app, Menu } from 'electron';
import { isActive } from '../../shared/projection/totals.ts';
import type { ShellCall, ShellDeps } from '../foundation/shell-deps.ts';
import { applicationMenu, type MenuActions } from './application-menu.ts';

/** Makes the menu bar. It stays as it is: items that cannot do anything now say so in the window. */
export function setUpMenu(deps: ShellDeps): void {
  const menu = Menu.buildFromTemplate(
    applicationMenu({
      platform: process.platform,
      appName: app.name,
      isDevelopment: !app.isPackaged,
      actions: menuActions(deps),
    }),
  );
  Menu.setApplicationMenu(menu);
  deps.exposeForTests('applicationMenu', menu);
}

function menuActions(deps: ShellDeps): MenuActions {
  const send: (...command: Parameters<ShellCall>) => void = (name, args) => {
    void deps.call(name, args).then((outcome) => {
      if (!outcome.ok) deps.log.warn(`menu: ${name}: ${outcome.error.code}: ${outcome.error.message}`);
    });
  };
  const pauseAll = () => send('downloads.pauseAll', {});
  const resumeAll = () => send('downloads.resumeAll', {});
  return {
    request: (request) => deps.showWindow(request),
    toggleAll: () => {
      const isAnyActive = deps.state.current()?.downloads.some(isActive) ?? false;
      if (isAnyActive) pauseAll();
      else resumeAll();
    },
    pauseAll,
    resumeAll,
    openHelp: (url) => send('shell.open', { url }),
    showLogs: () => void showLogs(deps),
    quit: () => deps.quit(),
  };
}

async function showLogs({ call, log }: ShellDeps): Promise<void> {
  const info = await call('app.info', {});
  if (!info.ok) return;
  const shown = await call('shell.reveal', { path: join(info.value.dataDir, 'logs') });
  if (!shown.ok) log.warn(`menu: logs: ${shown.error.message}`);
}
