import type { AddDownload } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Preferences } from '../../shared/contract/preferences.ts';
import type { NetworkConsent } from '../consent/network-consent.ts';
import type { OfferedPaths } from '../consent/offered-paths.ts';
import type { PageGuards } from './gate.ts';

/** Dependencies of {@link createPageGuards}. */
export interface PageGuardsDeps {
  readonly offered: OfferedPaths;
  readonly network: NetworkConsent;
  readonly preferences: () => Preferences;
  /** Asks before the cache folder changes under unfinished downloads. Returns true when it may. */
  readonly mayMoveCache: () => Promise<boolean>;
}

/**
 * Decisions that the page must not make alone, although it may request them: which files are read, which folder is
 * written to, and which servers are contacted. The shell itself is not subject to this.
 */
export function createPageGuards(deps: PageGuardsDeps): PageGuards {
  const { offered, network } = deps;

  function requireOffered(path: string): void {
    if (offered.has(path)) return;
    throw new AppError('BadRequest', 'Choose the file in the dialog, or drop it on the window.');
  }
  /** A folder to write to, for as long as the app runs: several models may go to the same one. */
  function requireOfferedFolder(path: string): void {
    if (!offered.has(path)) throw new AppError('BadRequest', 'Choose the folder in the dialog.');
  }
  const requireSources = async ({ from, localDir, namedPeers }: AddDownload) => {
    for (const path of Object.values(from)) requireOffered(path);
    if (localDir !== undefined) requireOfferedFolder(localDir);
    // The page must not have other hosts spoken to than those of the settings.
    if (namedPeers !== undefined && namedPeers.length > 0) {
      throw new AppError('BadRequest', 'Other computers can be named on the command line only.');
    }
  };

  async function requireCacheDir(cacheDir: string | null): Promise<void> {
    if (cacheDir !== null && !offered.take(cacheDir)) {
      throw new AppError('BadRequest', 'Choose the folder in the dialog.');
    }
    if (!(await deps.mayMoveCache())) throw new AppError('Cancelled', 'Nothing was changed.');
  }

  /** The page builds models in the folder of the settings, and nowhere else. */
  const refuseOutput = async ({ output }: { readonly output?: string | undefined }) => {
    if (output !== undefined) throw new AppError('BadRequest', 'Choose the folder in Settings.');
  };

  return {
    'build.start': refuseOutput,
    'build.plan': refuseOutput,
    'settings.set': async ({ buildRoot, sharing, usePeers }) => {
      if (typeof buildRoot === 'string' && !offered.take(buildRoot)) {
        throw new AppError('BadRequest', 'Choose the folder in the dialog.');
      }
      if (sharing === true) await network.requireSharing();
      if (usePeers === true) await network.requirePeers();
    },
    'downloads.adopt': async ({ partial }) => requireOffered(partial),
    'downloads.add': requireSources,
    'downloads.plan': requireSources,
    'library.relocate': async ({ to }) => requireOfferedFolder(to),
    'endpoint.test': async ({ endpoint }) => await network.requireTest(endpoint),
    'preferences.set': async ({ cacheDir, endpoint, proxy }) => {
      const now = deps.preferences();
      if (cacheDir !== undefined && cacheDir !== now.cacheDir) await requireCacheDir(cacheDir);
      if (endpoint && endpoint !== now.endpoint) await network.requireEndpoint(endpoint);
      if (proxy && proxy !== now.proxy) await network.requireProxy(proxy);
    },
  };
}
