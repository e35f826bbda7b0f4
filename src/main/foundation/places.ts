import { dirname, join, resolve } from 'node:path';
import { dataDirOf } from './data-dir.ts';
import { given } from './hugging-face-folders.ts';
import type { Machine } from './machine.ts';

/** Locations the shell uses. All absolute. */
export interface Places {
  /** The ledger, and everything below. Shared with the command line. */
  readonly dataDir: string;
  /** Chromium's own data: nothing else uses this folder. */
  readonly profileDir: string;
  readonly logsDir: string;
  readonly preferencesFile: string;
  readonly shellStateFile: string;
  readonly tokenFile: string;
  /** The built page. */
  readonly pageFolder: string;
  readonly preload: string;
  readonly engineEntry: string;
  readonly catalogFile: string;
  /** The catalog that the environment names; null for the program's own. */
  readonly givenCatalog: string | null;
  readonly windowIcon: string;
  /** Licenses of the packages that are part of the program. */
  readonly noticesFile: string;
}

/** What the locations depend on. */
export type PlacesSource = Pick<Machine, 'env' | 'platform' | 'homedir' | 'appPath'>;

/** Files read by processes other than Electron's are outside the archive of a packaged app. */
const unpacked = (appPath: string) => appPath.replace(/app\.asar$/, 'app.asar.unpacked');

const NOTICES = 'THIRD_PARTY_NOTICES.txt';

/** Returns all locations from the environment, the platform and the folder of the program. Creates no folder. */
export function placesOf(source: PlacesSource): Places {
  const { env, appPath } = source;
  const dataDir = dataDirOf(source);
  const catalog = given(env.HAULYARD_CATALOG);
  return {
    dataDir,
    profileDir: join(dataDir, 'electron'),
    logsDir: join(dataDir, 'logs'),
    preferencesFile: join(dataDir, 'settings.json'),
    shellStateFile: join(dataDir, 'shell-state.json'),
    tokenFile: join(dataDir, 'token.bin'),
    pageFolder: join(appPath, 'out', 'renderer'),
    preload: join(appPath, 'out', 'preload', 'index.cjs'),
    engineEntry: join(unpacked(appPath), 'out', 'engine', 'entry.js'),
    givenCatalog: catalog === null ? null : resolve(catalog),
    catalogFile: catalog === null ? join(unpacked(appPath), 'resources', 'catalog.json') : resolve(catalog),
    noticesFile: /app\.asar$/.test(appPath) ? join(dirname(appPath), NOTICES) : join(appPath, 'out', NOTICES),
    windowIcon: join(appPath, 'resources', 'icons', 'linux', '256x256.png'),
  };
}
