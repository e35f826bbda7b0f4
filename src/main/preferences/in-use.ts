import { resolve } from 'node:path';
import type { Preferences } from '../../shared/contract/preferences.ts';
import { type Environment, given, hubCacheDir } from '../foundation/hugging-face-folders.ts';

/** The default Hub (default of HF_ENDPOINT in the Hugging Face tools). */
const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** The preferences that the engine is opened with. */
export interface InUse {
  readonly cacheDir: string;
  readonly endpoint: string;
  /** From the preferences alone; the engine reads the environment itself. */
  readonly proxy: string | null;
}

/**
 * Returns each setting from the preferences, else the environment, else its default. The engine reports what it cannot
 * use.
 */
export function settingsInUse(
  { cacheDir, endpoint, proxy }: Pick<Preferences, 'cacheDir' | 'endpoint' | 'proxy'>,
  env: Environment,
  homedir: string,
): InUse {
  return {
    cacheDir: cacheDir === null ? hubCacheDir(env, homedir) : resolve(cacheDir),
    endpoint: (endpoint ?? given(env.HF_ENDPOINT)?.trim() ?? DEFAULT_ENDPOINT).replace(/\/+$/, ''),
    proxy,
  };
}

/** Returns the proxy as shown in the settings: the preference, else that of the environment, without credentials. */
export function shownProxy(proxy: string | null, env: Environment): string | null {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];
  const found = proxy ?? names.map((name) => given(env[name])).find((value) => value !== null) ?? null;
  return found?.replace(/^([a-z0-9+.-]+:\/\/)?[^/@]*@/i, '$1') ?? null;
}

/** True when the engine must be restarted for a change to apply. */
export function needsRestart(before: InUse, after: InUse): boolean {
  return (
    before.cacheDir !== after.cacheDir || before.endpoint !== after.endpoint || before.proxy !== after.proxy
  );
}
