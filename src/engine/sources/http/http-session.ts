import type { Dispatcher } from 'undici';

/** How HTTP requests are made, for all contents alike. */
export interface HttpSession {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Host (with port) of the Hub: only there are 401 and 403 about the user's token. */
  readonly hubHost: string;
  /** Returns `Bearer …` for the Hub's own origin, undefined for every other host. */
  readonly authorizationFor: (url: string) => string | undefined;
}
