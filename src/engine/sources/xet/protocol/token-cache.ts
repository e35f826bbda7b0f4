/** A token of Xet storage; see `hub/xet-token.ts`. */
export interface StorageToken {
  readonly accessToken: string;
  readonly expiresAtMs: number;
  readonly casUrl: string;
}

/** A token with less than this left is renewed, so that no request starts on one that is about to end. */
const RENEW_BEFORE_MS = 60_000;
/** A token that was given just now is good, whatever the clock of this machine says about its end. */
const SURELY_GOOD_MS = 10_000;

interface Entry {
  readonly token: StorageToken;
  readonly givenAtMs: number;
}

/** Tokens of Xet storage: one for a repository, a commit and an account, whoever asks. Kept in memory only. */
export interface TokenCache {
  /** The token to use now. `key` names repository, commit and account; `ask` gets a new one. */
  get(key: string, ask: () => Promise<StorageToken>): Promise<StorageToken>;
  /** The storage refused this token. */
  forget(key: string, token: StorageToken): void;
}

/** `now` in milliseconds since 1970. */
export function tokenCache(now: () => number): TokenCache {
  const given = new Map<string, Entry>();
  const asking = new Map<string, Promise<StorageToken>>();
  const isGood = ({ token, givenAtMs }: Entry) =>
    token.expiresAtMs - now() >= RENEW_BEFORE_MS || now() - givenAtMs < SURELY_GOOD_MS;
  return {
    async get(key, ask) {
      const entry = given.get(key);
      if (entry && isGood(entry)) return entry.token;
      const pending = asking.get(key);
      if (pending) return pending;
      const answer = ask()
        .then((token) => {
          given.set(key, { token, givenAtMs: now() });
          return token;
        })
        .finally(() => asking.delete(key));
      asking.set(key, answer);
      return answer;
    },
    forget(key, token) {
      if (given.get(key)?.token === token) given.delete(key);
    },
  };
}
