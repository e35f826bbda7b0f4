import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { Log } from '../../contents/context.ts';
import { classify } from '../../errors/classify.ts';
import type { DownloadRow } from '../../ledger/downloads.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Builds } from './builds.ts';

/** Dependencies from the engine. */
export interface AfterDownloadsParts {
  readonly events: { readonly on: (listener: (event: EngineEvent) => void) => unknown };
  readonly buildRoot: (settings: ReturnType<Ledger['settings']['get']>) => string;
  readonly log: Log;
}

/** Actions besides the automatic ones. */
export interface AfterDownloads {
  /** Starts the build requested for a download that is ready. */
  readonly start: (download: DownloadRow) => void;
  /** Starts builds that a previous engine did not get to. */
  readonly startMissed: () => void;
}

/**
 * Builds the variants requested by downloads with `make`, as soon as their source is ready. A download that became
 * ready just before an engine ended is handled when the next one starts.
 */
export function makeAfterDownloads(
  parts: AfterDownloadsParts,
  ledger: Ledger,
  builds: Builds,
): AfterDownloads {
  const start = async ({ model, repo, commit, cacheDir, options }: DownloadRow): Promise<void> => {
    if (options.make === undefined || commit === null) return;
    const root = parts.buildRoot(ledger.settings.get());
    await builds.start({
      model,
      variant: options.make,
      repo,
      revision: commit,
      cacheDir,
      root,
      rule: 'metal',
      workers: null,
      force: false,
    });
  };
  const startOf = (row: DownloadRow) => {
    start(row).catch((error) =>
      parts.log('error', `What was to be made from ${row.repo}: ${classify(error).message}`),
    );
  };
  parts.events.on((event) => {
    if (event.event !== 'done') return;
    const row = ledger.downloads.get(event.download);
    if (row) startOf(row);
  });
  return {
    start: startOf,
    startMissed: () => {
      const known = ledger.builds.list();
      const isMissed = ({ state, repo, options }: DownloadRow) =>
        state === 'ready' &&
        options.make !== undefined &&
        !known.some((build) => build.repo === repo && build.variant === options.make);
      for (const row of ledger.downloads.list().filter(isMissed)) startOf(row);
    },
  };
}
