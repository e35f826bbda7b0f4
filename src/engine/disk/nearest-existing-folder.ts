import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Returns the folder itself, or its nearest existing parent: the volume on which it would be created. */
export async function nearestExistingFolder(folder: string): Promise<string> {
  let at = resolve(folder);
  for (;;) {
    const there = await stat(at).catch(() => null);
    if (there?.isDirectory() || dirname(at) === at) return at;
    at = dirname(at);
  }
}
