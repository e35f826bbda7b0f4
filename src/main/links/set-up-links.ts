import { app } from 'electron';
import type { PageRequest } from '../../shared/contract/bridge.ts';
import type { Log } from '../logs/log.ts';
import { LINK_SCHEME, linkAmong, parseLink } from './parse-link.ts';

/** Dependencies of {@link setUpLinks}. */
export interface LinksDeps {
  readonly argv: readonly string[];
  readonly showWindow: (request?: PageRequest) => void;
  readonly log: Log;
}

/**
 * Follows `haulyard://` links and second starts of the program: macOS reports links by an event, other systems start
 * the program once more with the link as argument, and the first one takes over. May be called before the app is ready.
 */
export function setUpLinks({ argv, showWindow, log }: LinksDeps): void {
  // In development the scheme would be registered for the bare Electron.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  const follow = (link: string | null) => {
    const request = link === null ? null : parseLink(link);
    if (link !== null && request === null) log.warn('A link that is not understood was ignored.');
    showWindow(request ?? undefined);
  };
  app.on('open-url', (event, link) => {
    event.preventDefault();
    follow(link);
  });
  app.on('second-instance', (_event, theirArgv) => follow(linkAmong(theirArgv)));
  const first = linkAmong(argv);
  if (first !== null) follow(first);
}
