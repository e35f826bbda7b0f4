import { posix, resolve, win32 } from 'node:path';
import { cacheDirFromEnv, type Environment } from '../engine/cache/cache-dir.ts';
import { requireHome } from '../engine/cache/home-folder.ts';
import { parseEndpoint } from '../engine/hub/endpoint.ts';
import type { GlobalOptions } from './invocation.ts';

/** The default Hub (default of HF_ENDPOINT in the Hugging Face tools). */
const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** Locations this run uses. All paths are absolute. */
export interface CliSettings {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly endpoint: string;
  readonly catalogFile: string;
}

/** Inputs of {@link resolveSettings}, besides the options. */
export interface SettingsSource {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly homedir: string;
  /** The catalog that comes with the program. */
  readonly catalogFile: string;
}

/**
 * Returns each setting from its option, else the environment, else its default. Throws BadRequest for an unusable
 * endpoint.
 */
export function resolveSettings(global: GlobalOptions, source: SettingsSource): CliSettings {
  const { env, homedir } = source;
  const dataDir = global.dataDir ?? given(env.HAULYARD_DATA_DIR) ?? defaultDataDir(source);
  return {
    dataDir: resolve(dataDir),
    cacheDir: resolve(global.cacheDir ?? cacheDirFromEnv(env, homedir)),
    endpoint: parseEndpoint(global.endpoint ?? given(env.HF_ENDPOINT) ?? DEFAULT_ENDPOINT).url,
    catalogFile: resolve(global.catalog ?? given(env.HAULYARD_CATALOG) ?? source.catalogFile),
  };
}

/** An empty variable counts as unset, as shells leave it. */
function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}

/** The platform's folder for application data: macOS and Windows conventions, the XDG base directories elsewhere. */
export function defaultDataDir({ env, platform, homedir }: Omit<SettingsSource, 'catalogFile'>): string {
  const home = () => requireHome(homedir, 'the data folder', 'data-folder');
  switch (platform) {
    case 'darwin':
      return posix.join(home(), 'Library', 'Application Support', 'Haulyard');
    case 'win32':
      return win32.join(given(env.APPDATA) ?? win32.join(home(), 'AppData', 'Roaming'), 'Haulyard');
    default: {
      // The XDG specification requires programs to ignore a relative path.
      const xdg = given(env.XDG_DATA_HOME);
      const base = xdg?.startsWith('/') ? xdg : posix.join(home(), '.local', 'share');
      return posix.join(base, 'haulyard');
    }
  }
}
