import { SharedQuestion } from '../../shared-question.ts';

/** A token of Xet storage; see `hub/xet-token.ts`. */
export interface StorageToken {
  readonly accessToken: string;
  readonly expiresAtMs: number;
  readonly casUrl: string;
}

/** A token with less than this left is renewed, so that no request starts on one that is about to expire. */
const RENEW_BEFORE_MS = 60_000;
/** A token that was just received is valid, whatever this computer's clock says about its expiry. */
const SURELY_GOOD_MS = 10_000;

interface Entry {
  readonly question: SharedQuestion<StorageToken>;
  given: { readonly token: StorageToken; readonly atMs: number } | null;
}

/** Tokens of Xet storage: one for a repository, a commit and an account, shared by all callers. Kept in memory only. */
export interface TokenCache {
  /**
   * Returns the token to use now. `key` names repository, commit and account; `ask` requests a new one, once for all
   * that wait. Rejects as that does, or with the reason of `signal`.
   */
  get(
    key: string,
    ask: (signal: AbortSignal) => Promise<StorageToken>,
    signal: AbortSignal,
  ): Promise<StorageToken>;
  /** Drops a token that the storage refused. */
  forget(key: string, token: StorageToken): void;
}

/** @param now milliseconds since 1970 */
export function tokenCache(now: () => number): TokenCache {
  const entries = new Map<string, Entry>();
  const isGood = ({ token, atMs }: NonNullable<Entry['given']>) =>
    token.expiresAtMs - now() >= RENEW_BEFORE_MS || now() - atMs < SURELY_GOOD_MS;
  return {
    async get(key, ask, signal) {
      const entry: Entry = entries.get(key) ?? { question: new SharedQuestion(), given: null };
      entries.set(key, entry);
      if (entry.given && isGood(entry.given)) return entry.given.token;
      return entry.question.ask(async (asking) => {
        const token = await ask(asking);
        entry.given = { token, atMs: now() };
        return token;
      }, signal);
    },
    forget(key, token) {
      const entry = entries.get(key);
      if (entry?.given?.token === token) entry.given = null;
    },
  };
}
