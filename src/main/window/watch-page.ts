import type { WebContents } from 'electron';
import { judgeCrashes, withCrash } from '../engine-host/crash-budget.ts';
import type { Log } from '../logs/log.ts';

/** A page may crash three times within a minute before the user is asked. Chosen, not measured. */
const PAGE_CRASHES = { crashes: 4, withinMs: 60_000, firstDelayMs: 0, longestDelayMs: 0 } as const;

/** Dependencies of {@link watchPage}. */
export interface PageWatchDeps {
  /** Called at each crash, before anything else. */
  readonly onDeath: () => void;
  /** Reloads the page. */
  readonly revive: () => void;
  /** Called when the page crashed too often to be reloaded. */
  readonly onHopeless: () => void;
  readonly log: Log;
}

/** Controls of {@link watchPage}. */
export interface PageWatch {
  /** The page is gone for a reason that Chromium does not count as a crash: reloads it, but not forever. */
  comeBack(): void;
  /** Forgets all crashes so far. */
  forgive(): void;
}

/** Logs what goes wrong with the page, and reloads one that crashed. */
export function watchPage(contents: WebContents, deps: PageWatchDeps): PageWatch {
  const { log } = deps;
  let crashes: readonly number[] = [];
  function comeBack(): void {
    crashes = withCrash(crashes, Date.now(), PAGE_CRASHES);
    if (judgeCrashes(crashes, PAGE_CRASHES).do === 'give-up') deps.onHopeless();
    else deps.revive();
  }
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.error(`The page ended unasked: ${reason} (${exitCode})`);
    deps.onDeath();
    comeBack();
  });
  contents.on('unresponsive', () => log.warn('The page does not answer.'));
  contents.on('responsive', () => log.info('The page answers again.'));
  contents.on('did-fail-load', (_event, code, description, address, isMainFrame) => {
    if (isMainFrame) log.error(`The page did not load: ${description} (${code}) ${address}`);
  });
  contents.on('preload-error', (_event, path, error) => log.error(`${path}: ${error.message}`));
  return {
    comeBack,
    forgive: () => {
      crashes = [];
    },
  };
}
