import { join, resolve } from 'node:path';

/** Environment variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as unset, as shells leave it. */
export function given(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value;
}

/**
 * Returns the folder that a variable names, with a leading `~` and `$NAME` expanded; null when it is unset or empty.
 */
export function folderOf(name: string, env: Environment, homedir: string): string | null {
  const value = given(env[name]);
  if (value === null) return null;
  const fromHome = /^~(?=$|[/\\])/.test(value) ? `${homedir}${value.slice(1)}` : value;
  const expanded = fromHome.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced?: string, plain?: string) => env[braced ?? plain ?? ''] ?? whole,
  );
  return resolve(expanded);
}

/** Returns `$HF_HOME`, else `huggingface` in the XDG cache folder (huggingface_hub environment variables). */
export function huggingFaceHome(env: Environment, homedir: string): string {
  const xdg = folderOf('XDG_CACHE_HOME', env, homedir) ?? join(homedir, '.cache');
  return folderOf('HF_HOME', env, homedir) ?? join(xdg, 'huggingface');
}

/**
 * Returns the cache that Hugging Face's own tools would use: HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, `hub` in {@link
 * huggingFaceHome}.
 */
export function hubCacheDir(env: Environment, homedir: string): string {
  return (
    folderOf('HF_HUB_CACHE', env, homedir) ??
    folderOf('HUGGINGFACE_HUB_CACHE', env, homedir) ??
    join(huggingFaceHome(env, homedir), 'hub')
  );
}
