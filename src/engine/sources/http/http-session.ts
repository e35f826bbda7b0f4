import type { Dispatcher } from 'undici';

/** How HTTP requests are made, for all contents alike. */
export interface HttpSession {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Host (with port) of the Hub: only there 401 and 403 are about the user's token. */
  readonly hubHost: string;
  /** `Bearer …` for the Hub's own origin, undefined for every other host. */
  readonly authorizationFor: (url: string) => string | undefined;
}
