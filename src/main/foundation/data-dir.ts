import { posix, resolve, win32 } from 'node:path';
import { type Environment, given } from './hugging-face-folders.ts';

/** What the data folder depends on. */
export interface DataDirSource {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly homedir: string;
}

/**
 * Returns HAULYARD_DATA_DIR, else the platform's folder for application data: macOS and Windows conventions, the XDG
 * base directories elsewhere. The command line decides the same way, so that both use one ledger. Absolute.
 */
export function dataDirOf(source: DataDirSource): string {
  return resolve(given(source.env.HAULYARD_DATA_DIR) ?? platformDataDir(source));
}

function platformDataDir({ env, platform, homedir }: DataDirSource): string {
  switch (platform) {
    case 'darwin':
      return posix.join(homedir, 'Library', 'Application Support', 'Haulyard');
    case 'win32':
      return win32.join(given(env.APPDATA) ?? win32.join(homedir, 'AppData', 'Roaming'), 'Haulyard');
    default: {
      // The XDG specification requires programs to ignore a relative path.
      const xdg = given(env.XDG_DATA_HOME);
      const base = xdg?.startsWith('/') ? xdg : posix.join(homedir, '.local', 'share');
      return posix.join(base, 'haulyard');
    }
  }
}
