import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The folder itself, or the nearest one above it that exists: the volume on which it would be made. */
export async function nearestExistingFolder(folder: string): Promise<string> {
  let at = resolve(folder);
  for (;;) {
    const there = await stat(at).catch(() => null);
    if (there?.isDirectory() || dirname(at) === at) return at;
    at = dirname(at);
  }
}
