import type { AppInfo } from '../../shared/contract/app-commands.ts';
import type { Preferences } from '../../shared/contract/preferences.ts';
import type { Machine } from '../foundation/machine.ts';
import type { Places } from '../foundation/places.ts';
import { settingsInUse, shownProxy } from '../preferences/in-use.ts';

/** Systems that the app is made for; anything else is treated as Linux. */
const PLATFORMS = ['darwin', 'linux', 'win32'] as const;

/** Returns what the page may know about the program now. */
export function appInfo(
  machine: Machine,
  places: Places,
  preferences: Preferences,
  canStartAtLogin: boolean,
): AppInfo {
  const { cacheDir, endpoint, proxy } = settingsInUse(preferences, machine.env, machine.homedir);
  return {
    version: machine.version,
    platform: PLATFORMS.find((platform) => platform === machine.platform) ?? 'linux',
    arch: machine.arch,
    cacheDir,
    dataDir: places.dataDir,
    endpoint,
    proxy: shownProxy(proxy, machine.env),
    canStartAtLogin,
  };
}
