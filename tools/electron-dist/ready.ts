import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Installs or names what the window needs of the system; does nothing elsewhere than on Linux. */
const SYSTEM_PACKAGES = fileURLToPath(new URL('../system-packages.sh', import.meta.url));

/**
 * Brings what the window needs of the system where that may be done without asking, else throws with the one line that says what to
 * install. Costs some milliseconds where all is there.
 */
export function requireSystemPackages(): void {
  if (process.platform !== 'linux') return;
  const { status } = spawnSync('bash', [SYSTEM_PACKAGES, '--window'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('Something that the window needs is missing: see the line above.');
}
