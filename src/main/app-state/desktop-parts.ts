import { setUpTray } from '../tray/set-up-tray.ts';
import type { ShellDeps } from './shell-deps.ts';

/** All that shows or does something outside of the window. Each part follows the state by itself. */
export function setUpDesktopParts(deps: ShellDeps): void {
  setUpTray(deps);
}
