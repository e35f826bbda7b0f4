import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Contestant } from './contestant.ts';

/** Where Debian puts servers; not on everybody's PATH. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** The full path of a program, or null when it is not installed. */
export async function findProgram(name: string): Promise<string | null> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS];
  for (const folder of folders) {
    const file = join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return null;
}

/** Who can run here, and what is missing for the others, in words. */
export async function present(
  contestants: readonly Contestant[],
): Promise<{ readonly able: readonly Contestant[]; readonly missing: readonly string[] }> {
  const able: Contestant[] = [];
  const missing: string[] = [];
  for (const contestant of contestants) {
    const lacking: string[] = [];
    for (const name of contestant.needs) if ((await findProgram(name)) === null) lacking.push(name);
    if (lacking.length === 0) able.push(contestant);
    else missing.push(`${contestant.name} is left out: ${lacking.join(' and ')} is not installed.`);
  }
  return { able, missing };
}
