import type { Outcome } from '../../shared/contract/envelope.ts';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import type { TrayActions } from './menu-items.ts';

/** Dependencies of the actions. */
export interface TrayActionOptions {
  /** Returns the id of the download or build in a slot now. */
  readonly idOf: (slot: number) => string | null;
  readonly isBuild: (id: string) => boolean;
  readonly setLimit: (bytesPerSecond: number | null) => void;
}

/** Actions of a click on each item. What needs a question is asked in the window. */
export function trayActions(
  { call, log, showWindow, quit }: Pick<ShellDeps, 'call' | 'log' | 'showWindow' | 'quit'>,
  { idOf, isBuild, setLimit }: TrayActionOptions,
): TrayActions {
  const send = (outcome: Promise<Outcome<unknown>>) => {
    void outcome.then((answer) => {
      if (!answer.ok) log.warn(`tray: ${answer.error.code}: ${answer.error.message}`);
    });
  };
  const withId = (act: (id: string) => void) => (slot: number) => {
    const id = idOf(slot);
    if (id !== null) act(id);
  };
  return {
    pause: withId((id) => send(call(isBuild(id) ? 'build.pause' : 'downloads.pause', { id }))),
    resume: withId((id) => send(call(isBuild(id) ? 'build.resume' : 'downloads.resume', { id }))),
    cancel: withId((download) => showWindow({ do: 'ask-cancel', download })),
    show: withId((download) => showWindow({ do: 'show', section: 'downloads', download })),
    showDownloads: () => showWindow({ do: 'show', section: 'downloads' }),
    pauseAll: () => send(call('downloads.pauseAll', {})),
    resumeAll: () => send(call('downloads.resumeAll', {})),
    limit: setLimit,
    open: () => showWindow(),
    settings: () => showWindow({ do: 'show', section: 'settings' }),
    quit: () => quit(),
  };
}
