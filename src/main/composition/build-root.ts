import { dirname, join } from 'node:path';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';

/** Returns the folder for built models, by the engine's rule: `defaultRoot` in its `made-folder.ts`. */
export function buildRootOf(
  state: Pick<DownloadsState, 'settings'> | null,
  cacheDir: string,
  env: NodeJS.ProcessEnv,
): string {
  return env.HAULYARD_BUILD_ROOT || (state?.settings.buildRoot ?? join(dirname(cacheDir), 'haulyard'));
}
