import { join } from 'node:path';
import { findProgram } from '../contestants/programs.ts';
import { runCommand } from '../measure/run-command.ts';

/** How long one core needs to hash a file that is in memory; null without openssl. */
export async function opensslSeconds(file: string, folder: string): Promise<number | null> {
  if ((await findProgram('openssl')) === null) return null;
  const argv = ['openssl', 'dgst', '-sha256', file];
  const { seconds, code } = await runCommand({ argv, limitSeconds: 600 }, join(folder, 'openssl-usage'));
  return code === 0 ? seconds : null;
}
