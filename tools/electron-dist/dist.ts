import { access, constants, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** An unpacked Electron that can run. */
export interface ElectronDist {
  /** Absolute path of the program. */
  readonly executable: string;
  /** What `ELECTRON_OVERRIDE_DIST_PATH` takes. */
  readonly folder: string;
  /** Without a leading `v`, as `45.4.1`. */
  readonly version: string;
  readonly source: 'given' | 'installed' | 'downloaded' | 'registry';
}

/** Path of the program inside a dist folder. Source: `install.js` of the package `electron`. */
export function executableName(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** The dist in `folder`, or null when there is none that is whole: a program and a file `version`. */
export async function distIn(folder: string, source: ElectronDist['source']): Promise<ElectronDist | null> {
  const executable = join(folder, executableName());
  try {
    await access(executable, constants.X_OK);
    const version = (await readFile(join(folder, 'version'), 'utf8')).trim().replace(/^v/, '');
    return /^\d+\.\d+\.\d+/.test(version) ? { executable, folder, version, source } : null;
  } catch {
    return null;
  }
}

/** The dist that somebody named. Throws when it is not one, rather than running another. */
export async function givenDist(folder: string): Promise<ElectronDist> {
  const dist = await distIn(resolve(folder), 'given');
  if (dist !== null) return dist;
  throw new Error(
    `ELECTRON_OVERRIDE_DIST_PATH names ${folder}, but no Electron is there: ${executableName()} and a file "version" are ` +
      'expected. Correct the variable or unset it.',
  );
}

/** First number of a version, `45` of `45.4.1`. */
export function majorVersion(version: string): number {
  return Number.parseInt(version, 10);
}
