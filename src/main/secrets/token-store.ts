import { readFile, rm } from 'node:fs/promises';
import type { TokenStatus } from '../../shared/contract/app-commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Log } from '../logs/log.ts';
import { writeAtomically } from '../preferences/atomic-file.ts';
import type { Cipher } from './cipher.ts';
import { cleanToken } from './clean-token.ts';
import { parseSavedToken, type SavedToken, serializeToken } from './saved-token.ts';
import { tokenOrigin, withheldBecause } from './token-origin.ts';

/** Dependencies of {@link createTokenStore}. */
export interface TokenStoreDeps {
  readonly cipher: Cipher;
  /** The encrypted token. */
  readonly path: string;
  /** Used while the user has saved no token. */
  readonly environmentToken: () => Promise<string | null>;
  /** The Hub that the environment names: the origin of its token, and of one saved before origins were stored. */
  readonly environmentOrigin: string;
  readonly log: Log;
}

/**
 * The Hub token. Only the engine receives it, and only for the Hub it belongs to; everything else learns only whether
 * there is one.
 */
export interface TokenStore {
  /**
   * Returns the token for requests to this endpoint. Null when there is none, or it may not be sent there. Never fails.
   */
  tokenFor(endpoint: string): Promise<string | null>;
  /** Returns the status for this endpoint. */
  status(endpoint: string): Promise<TokenStatus>;
  /**
   * Saves a token for the Hub of the endpoint, replacing any other; in memory only where the system keeps no keys.
   * Throws BadRequest for what is not a token, and for an endpoint that a token may not be sent to.
   */
  save(text: string, endpoint: string, account: string | null): Promise<TokenStatus>;
  /** Deletes the saved token; that of the environment applies again. Throws DiskPermission when the file stays. */
  forget(endpoint: string): Promise<TokenStatus>;
}

interface Held extends SavedToken {
  readonly kept: NonNullable<TokenStatus['kept']>;
}

/** A store that looks for a token at the first call. */
export function createTokenStore(deps: TokenStoreDeps): TokenStore {
  const { cipher, path, environmentToken, environmentOrigin, log } = deps;
  let held: Promise<Held | null> | null = null;

  const current = () => {
    held ??= find();
    return held;
  };

  async function find(): Promise<Held | null> {
    const saved = await readSaved();
    if (saved !== null) return { ...saved, kept: 'keychain' };
    const token = await environmentToken();
    return token === null ? null : { token, origin: environmentOrigin, account: null, kept: 'environment' };
  }

  async function readSaved(): Promise<SavedToken | null> {
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) return null;
    try {
      return parseSavedToken(await cipher.decrypt(bytes), environmentOrigin);
    } catch {
      log.warn('The saved token cannot be decrypted with the key of this system. Enter it again.');
      return null;
    }
  }

  async function save(text: string, endpoint: string, account: string | null): Promise<TokenStatus> {
    const saved = { ...requireSendable(text, endpoint), account };
    const kept = (await keep(saved)) ? 'keychain' : 'memory';
    held = Promise.resolve({ ...saved, kept });
    return await status(endpoint);
  }

  /** Returns true when it is on disk, encrypted. An older one must not come back after a restart in any case. */
  async function keep(saved: SavedToken): Promise<boolean> {
    try {
      if (await cipher.isAvailable()) {
        await writeAtomically(path, await cipher.encrypt(serializeToken(saved)));
        return true;
      }
    } catch (error) {
      log.warn(`The token is kept in memory only: ${error instanceof Error ? error.name : 'unknown'}`);
    }
    await rm(path, { force: true }).catch(() => undefined);
    return false;
  }

  async function forget(endpoint: string): Promise<TokenStatus> {
    try {
      await rm(path, { force: true });
    } catch (cause) {
      throw new AppError('DiskPermission', `The saved token could not be deleted: ${path}`, { cause });
    }
    held = null;
    return await status(endpoint);
  }

  async function status(endpoint: string): Promise<TokenStatus> {
    const found = await current();
    if (found === null) return { present: false, kept: null };
    const withheld = withheldBecause(found.origin, endpoint) ?? undefined;
    return {
      present: true,
      kept: found.kept,
      origin: found.origin,
      ...(found.account === null ? {} : { account: found.account }),
      ...(withheld === undefined ? {} : { withheld }),
    };
  }

  async function tokenFor(endpoint: string): Promise<string | null> {
    const found = await current();
    if (found === null) return null;
    const withheld = withheldBecause(found.origin, endpoint);
    if (withheld === null) return found.token;
    log.warn(`The token of ${found.origin} is not sent to ${tokenOrigin(endpoint)} (${withheld}).`);
    return null;
  }

  return { tokenFor, status, save, forget };
}

/** Throws BadRequest for what is not a token, and where none may be sent. */
export function requireSendable(text: string, endpoint: string): { token: string; origin: string } {
  const token = cleanToken(text);
  if (token === null) {
    throw new AppError('BadRequest', 'This isn’t a token. A token is one word without spaces.');
  }
  const origin = tokenOrigin(endpoint);
  if (origin === null || withheldBecause(origin, endpoint) !== null) {
    throw new AppError(
      'BadRequest',
      `${origin ?? endpoint} isn’t encrypted, so no token is sent there. Use an https:// address.`,
    );
  }
  return { token, origin };
}
