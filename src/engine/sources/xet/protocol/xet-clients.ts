import type { Dispatcher } from 'undici';
import { type StorageToken, tokenCache } from './token-cache.ts';
import { type XetClient, type XetRef, xetClient } from './xet-client.ts';

/** Origin of a file in Xet storage; a token is valid for all files of a repository at a commit. */
export interface XetOrigin {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
}

/** Shared dependencies of the clients of files in Xet storage. */
export interface XetClientsDeps {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Requests a token from the Hub. */
  readonly askToken: (tokenUrl: string, origin: XetOrigin, signal: AbortSignal) => Promise<StorageToken>;
  /** Identifies the account by the credentials sent to the Hub. Kept in memory only. */
  readonly account: (tokenUrl: string) => string | undefined;
}

/** Creates a client for a file that the Hub reported as being in Xet storage. */
export type XetClientOf = (
  origin: XetOrigin,
  size: number,
  announced: { readonly hash: string; readonly tokenUrl: string },
) => XetClient;

/** Creates clients that share tokens: one for a repository, a commit and an account. */
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
