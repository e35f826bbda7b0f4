import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, folderOf, huggingFaceHome } from '../foundation/hugging-face-folders.ts';
import { cleanToken } from './clean-token.ts';

/** A longer token file is not a token file. */
const MAX_TOKEN_FILE_BYTES = 4096;
/** Values that Hugging Face accepts as "on" (huggingface_hub constants). */
const TRUTHY: ReadonlySet<string> = new Set(['1', 'ON', 'YES', 'TRUE']);

/**
 * Returns the token that the Hugging Face tools would use: HF_TOKEN, HUGGING_FACE_HUB_TOKEN, the file HF_TOKEN_PATH,
 * `$HF_HOME/token`. Null when there is none that can be used, or when HF_HUB_DISABLE_IMPLICIT_TOKEN forbids it. Never
 * fails.
 */
export async function environmentToken(env: Environment, homedir: string): Promise<string | null> {
  const isForbidden = TRUTHY.has((env.HF_HUB_DISABLE_IMPLICIT_TOKEN ?? '').trim().toUpperCase());
  if (isForbidden) return null;
  for (const name of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const token = cleanToken(env[name] ?? '');
    if (token !== null) return token;
  }
  const path = folderOf('HF_TOKEN_PATH', env, homedir) ?? join(huggingFaceHome(env, homedir), 'token');
  return await fromFile(path).catch(() => null);
}

async function fromFile(path: string): Promise<string | null> {
  // Reading a pipe or a device would block forever.
  if (!(await stat(path)).isFile()) return null;
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_TOKEN_FILE_BYTES));
    return cleanToken(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}
