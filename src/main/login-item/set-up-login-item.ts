import { app } from 'electron';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import { autostartFile, setAutostart } from './autostart-file.ts';
import type { AutostartProgram } from './desktop-entry.ts';

/** Stops following the preference. The entry itself stays. */
export interface LoginItemHandle {
  dispose(): void;
}

/** Passed to a start at login: downloads continue, and no window opens in front of the user. */
export const HIDDEN_FLAG = '--hidden';

/**
 * True where the app can be started at login. A checkout that runs on a borrowed Electron has nothing that could be
 * started.
 */
export function canStartAtLogin(): boolean {
  return app.isPackaged && ['darwin', 'win32', 'linux'].includes(process.platform);
}

/** True when the system started the app, not the user. */
export function wasStartedAtLogin(): boolean {
  if (process.platform === 'darwin') return app.getLoginItemSettings().wasOpenedAtLogin;
  return process.argv.includes(HIDDEN_FLAG);
}

/** Makes the system's list of login items follow the preference. */
export function setUpLoginItem(deps: ShellDeps): LoginItemHandle {
  if (!canStartAtLogin()) return { dispose: () => undefined };
  let asked: boolean | null = null;
  let writing = Promise.resolve();
  const follow = () => {
    const { startAtLogin } = deps.preferences.current();
    if (startAtLogin === asked) return;
    asked = startAtLogin;
    // One at a time: the last change must win.
    writing = writing
      .then(() => set(startAtLogin))
      .catch((error) => {
        deps.log.warn(`start at login: ${error instanceof Error ? error.message : String(error)}`);
      });
  };
  follow();
  return { dispose: deps.preferences.onChange(follow) };
}

async function set(isWanted: boolean): Promise<void> {
  if (process.platform === 'linux') {
    const file = autostartFile(process.env, app.getPath('home'));
    return await setAutostart(file, isWanted ? thisProgram() : null);
  }
  const { openAtLogin } = app.getLoginItemSettings({ args: [HIDDEN_FLAG] });
  if (openAtLogin !== isWanted) app.setLoginItemSettings({ openAtLogin: isWanted, args: [HIDDEN_FLAG] });
}

function thisProgram(): AutostartProgram {
  return { name: app.name, executable: process.env.APPIMAGE ?? process.execPath, args: [HIDDEN_FLAG] };
}
