import { open, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { diskError, isAbsent, onDisk } from '../errors/cache-error.ts';
import { requireHome } from './home-folder.ts';

/** Environment variables as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A longer token file is not a token file. Hub tokens have about 40 characters. */
const MAX_TOKEN_FILE_BYTES = 4096;

/** Values that Hugging Face accepts as "on" (huggingface_hub constants). */
const TRUTHY: ReadonlySet<string> = new Set(['1', 'ON', 'YES', 'TRUE']);

/** Expands a leading `~` and `$NAME` or `${NAME}`; an unknown variable is left as it is. */
function expand(value: string, env: Environment, homedir: string): string {
  const home = () => requireHome(homedir, value);
  const fromHome = /^~(?=$|[/\\])/.test(value) ? `${home()}${value.slice(1)}` : value;
  return fromHome.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
    return env[braced ?? plain ?? ''] ?? whole;
  });
}

/** Returns the folder that a variable names, null when it is unset or empty. */
function folderOf(name: string, env: Environment, homedir: string): string | null {
  const value = env[name];
  return value === undefined || value.trim() === '' ? null : resolve(expand(value, env, homedir));
}

function huggingFaceHome(env: Environment, homedir: string): string {
  const own = folderOf('HF_HOME', env, homedir);
  if (own !== null) return own;
  const xdg = folderOf('XDG_CACHE_HOME', env, homedir);
  const home = () => requireHome(homedir, 'the cache', 'cache-folder');
  return join(xdg ?? join(home(), '.cache'), 'huggingface');
}

/**
 * Returns the cache folder that Hugging Face's own tools would use: HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE,
 * `$HF_HOME/hub`, `$XDG_CACHE_HOME/huggingface/hub`, `~/.cache/huggingface/hub` (huggingface_hub environment
 * variables). Absolute.
 */
export function cacheDirFromEnv(env: Environment, homedir: string): string {
  return (
    folderOf('HF_HUB_CACHE', env, homedir) ??
    folderOf('HUGGINGFACE_HUB_CACHE', env, homedir) ??
    join(huggingFaceHome(env, homedir), 'hub')
  );
}

/** True when a variable sets the cache or its parent folder. */
function hasCacheFolder(env: Environment): boolean {
  return (
    ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE'].some((name) => (env[name] ?? '').trim() !== '') ||
    hasHuggingFaceHome(env, '')
  );
}

function hasHuggingFaceHome(env: Environment, homedir: string): boolean {
  return homedir !== '' || ['HF_HOME', 'XDG_CACHE_HOME'].some((name) => (env[name] ?? '').trim() !== '');
}

/**
 * Returns every folder that may contain a finished blob in the cache layout, the one of {@link cacheDirFromEnv} first:
 * the default locations that a variable has overridden, the older variable of transformers, and the caches folder of
 * macOS. The folders need not exist.
 */
export function knownCacheDirs(env: Environment, homedir: string): readonly string[] {
  const hasPlace = homedir !== '' || hasCacheFolder(env);
  const candidates = [
    hasPlace ? cacheDirFromEnv(env, homedir) : null,
    folderOf('HUGGINGFACE_HUB_CACHE', env, homedir),
    hasHuggingFaceHome(env, homedir) ? join(huggingFaceHome(env, homedir), 'hub') : null,
    folderOf('TRANSFORMERS_CACHE', env, homedir),
    ...(homedir === ''
      ? []
      : [
          join(homedir, '.cache', 'huggingface', 'hub'),
          join(homedir, 'Library', 'Caches', 'huggingface', 'hub'),
        ]),
  ];
  return [...new Set(candidates.filter((folder) => folder !== null))];
}

/** True when a variable is set to one of the values that Hugging Face accepts as "on". */
export function isSwitchedOn(env: Environment, name: string): boolean {
  return TRUTHY.has((env[name] ?? '').trim().toUpperCase());
}

function cleanToken(raw: string, source: string): string | null {
  const token = raw.trim();
  if (token === '') return null;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new AppError(
    'BadRequest',
    `The token in ${source} has characters that no token has. Sign in to Hugging Face again, or correct the token.`,
  );
}

async function readTokenFile(path: string): Promise<string | null> {
  try {
    // Reading a pipe or a device would block forever.
    if (!(await stat(path)).isFile()) return null;
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw diskError(cause, 'reading the token file', path);
  }
  return onDisk('reading the token file', path, async () => {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_TOKEN_FILE_BYTES + 1));
      return cleanToken(buffer.toString('utf8', 0, bytesRead), path);
    } finally {
      await file.close();
    }
  });
}

/** A token and its source, so that a person knows which one to correct. */
export interface FoundToken {
  readonly token: string;
  /** The name of a variable, or the path of a file. */
  readonly source: string;
}

/**
 * Returns the Hub token of this user: HF_TOKEN, HUGGING_FACE_HUB_TOKEN, the file HF_TOKEN_PATH, `$HF_HOME/token`;
 * trimmed. Null when there is none, or when HF_HUB_DISABLE_IMPLICIT_TOKEN forbids a token that was not given
 * explicitly. Throws DiskPermission when a token file cannot be read and BadRequest when it holds no token. The token
 * itself is in no message.
 */
export async function readToken(env: Environment, homedir: string): Promise<FoundToken | null> {
  if (isSwitchedOn(env, 'HF_HUB_DISABLE_IMPLICIT_TOKEN')) return null;
  for (const name of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const token = cleanToken(env[name] ?? '', name);
    if (token !== null) return { token, source: name };
  }
  const source = tokenPath(env, homedir);
  const token = source === null ? null : await readTokenFile(source);
  return source === null || token === null ? null : { token, source };
}

/**
 * Returns the file in which Hugging Face's tools keep a token: HF_TOKEN_PATH, `$HF_HOME/token`. Null where its location
 * is unknown.
 */
export function tokenPath(env: Environment, homedir: string): string | null {
  const named = folderOf('HF_TOKEN_PATH', env, homedir);
  if (named !== null || !hasHuggingFaceHome(env, homedir)) return named;
  return join(huggingFaceHome(env, homedir), 'token');
}
