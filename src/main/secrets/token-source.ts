import type { TokenStatus } from '../../shared/contract/app-commands.ts';

const WORDS = { keychain: 'the keychain', memory: 'Settings', environment: 'the environment' } as const;

/** Returns the source of the current token, for messages; null when there is none. */
export function tokenSource({ kept }: Pick<TokenStatus, 'kept'>): string | null {
  return kept === null ? null : WORDS[kept];
}
