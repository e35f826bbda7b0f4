import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsent, onDisk } from '../errors/cache-error.ts';

/**
 * Stores a token where Hugging Face's own tools look for one, readable by this user alone. It is written to a temporary
 * file and renamed, so that a link in its place is replaced and not followed. Throws a disk error.
 */
export async function saveTokenFile(path: string, token: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  await onDisk('keeping the token', path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await writeFile(fresh, token, { flag: 'wx', mode: 0o600 });
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  });
}

/** Removes the token file. Returns false when there was none. */
export async function removeTokenFile(path: string): Promise<boolean> {
  return onDisk('removing the token', path, async () => {
    try {
      await rm(path);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  });
}
