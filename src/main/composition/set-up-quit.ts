import { app, powerMonitor } from 'electron';
import { isBuildActive } from '../../shared/projection/build-totals.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { totalsOf } from '../../shared/projection/totals.ts';
import type { EngineHost } from '../engine-host/engine-host.ts';
import type { Followed } from '../foundation/shell-deps.ts';
import type { Log } from '../logs/log.ts';
import type { ShellMemory } from '../preferences/shell-state.ts';
import { explainQuit } from '../shell/messages.ts';
import { createQuitSequence, type QuitSequence } from './quit.ts';

/** Dependencies of {@link setUpQuit}. */
export interface QuitSetUp {
  readonly host: Pick<EngineHost, 'stop'>;
  readonly state: Followed<DownloadsState | null>;
  readonly memory: ShellMemory;
  readonly hideWindow: () => void;
  readonly log: Log;
}

/** Postpones the end of the app until the engine has stopped in order. May be called once the app is ready. */
export function setUpQuit({ host, state, memory, hideWindow, log }: QuitSetUp): QuitSequence {
  const unfinished = () => {
    const { downloads, builds } = state.current() ?? { downloads: [], builds: [] };
    return { downloads: totalsOf(downloads).active, builds: builds.filter(isBuildActive).length };
  };
  const isAnyUnfinished = () => unfinished().downloads + unfinished().builds > 0;

  /** The dialog closes once everything has finished in the meantime. */
  async function explain(): Promise<boolean> {
    const settled = new AbortController();
    const end = state.onChange(() => {
      if (!isAnyUnfinished()) settled.abort();
    });
    try {
      const { isQuitting, askAgain } = await explainQuit(unfinished(), settled.signal);
      memory.remember({ isQuitExplained: !askAgain });
      return isQuitting;
    } finally {
      end();
    }
  }

  const quit = createQuitSequence({
    mustExplain: () => !memory.current().isQuitExplained && isAnyUnfinished(),
    explain,
    stop: async () => {
      hideWindow();
      await Promise.all([host.stop(), memory.written()]);
      log.info('Haulyard ends.');
    },
    end: () => app.quit(),
  });
  app.on('before-quit', (event) => {
    if (!quit.mayEnd()) event.preventDefault();
  });
  // The window is hidden, not closed, while the app runs; without one the app must not end by itself.
  app.on('window-all-closed', () => undefined);
  powerMonitor.on('shutdown', () => quit.endUnasked());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit.endUnasked);
  return quit;
}
