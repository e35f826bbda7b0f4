import { setUpDock } from '../dock/set-up-dock.ts';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import { setUpLoginItem } from '../login-item/set-up-login-item.ts';
import { setUpMenu } from '../menu/set-up-menu.ts';
import { setUpNotifications } from '../notifications/set-up-notifications.ts';
import { setUpPower } from '../power/set-up-power.ts';
import { setUpTray } from '../tray/set-up-tray.ts';

const PARTS: ReadonlyArray<readonly [string, (deps: ShellDeps) => unknown]> = [
  ['application menu', setUpMenu],
  ['tray', setUpTray],
  ['dock', setUpDock],
  ['notifications', setUpNotifications],
  ['power', setUpPower],
  ['login item', setUpLoginItem],
];

/**
 * Sets up everything outside the window. Each part follows the state by itself until the app ends. A desktop that lacks
 * one of them must not cost the others.
 */
export function setUpDesktopParts(deps: ShellDeps): void {
  for (const [name, setUp] of PARTS) {
    try {
      setUp(deps);
    } catch (error) {
      deps.log.error(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}
