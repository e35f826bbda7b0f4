import { app, session } from 'electron';
import { type HardenOptions, hardenChromium, hardenPages, hardenSession } from './harden.ts';
import { registerPageScheme, servePage } from './page-protocol.ts';

/** Before the app is ready: settings that Chromium only accepts then. */
export function setUpEarlySecurity(options: HardenOptions): void {
  registerPageScheme();
  hardenChromium(options);
  hardenPages(app, options);
}

/** Once the app is ready, before the window: the page can be served, and may do nothing else. */
export function setUpPageSecurity(options: HardenOptions & { readonly pageFolder: string }): void {
  hardenSession(session.defaultSession, options);
  servePage({ session: session.defaultSession, folder: options.pageFolder, log: options.log });
}
