import type { Dispatcher } from 'undici';
import { type StorageToken, tokenCache } from './token-cache.ts';
import { type XetClient, type XetRef, xetClient } from './xet-client.ts';

/** Where a file in Xet storage belongs; a token is good for all files of a repository at a commit. */
export interface XetOrigin {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
}

/** What clients of files in Xet storage share. */
export interface XetClientsDeps {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Asks the Hub for a token. */
  readonly askToken: (tokenUrl: string, origin: XetOrigin, signal: AbortSignal) => Promise<StorageToken>;
  /** Tells accounts apart: what the Hub is sent to know who asks. Kept in memory only. */
  readonly account: (tokenUrl: string) => string | undefined;
}

/** Makes a client for a file of which the Hub said that it is in Xet storage. */
export type XetClientOf = (
  origin: XetOrigin,
  size: number,
  announced: { readonly hash: string; readonly tokenUrl: string },
) => XetClient;

/** Makes clients that share tokens: one for a repository, a commit and an account. */
export function xetClients({ dispatcher, userAgent, now, askToken, account }: XetClientsDeps): XetClientOf {
  const tokens = tokenCache(now);
  return (origin, size, announced) => {
    const ref: XetRef = { hash: announced.hash, size };
    const { tokenUrl } = announced;
    return xetClient(ref, {
      dispatcher,
      userAgent,
      tokens,
      tokenKey: () => `${tokenUrl}\n${account(tokenUrl) ?? ''}`,
      askToken: (signal) => askToken(tokenUrl, origin, signal),
    });
  };
}
