import { readFile, rm } from 'node:fs/promises';
import type { TokenStatus } from '../../shared/contract/app-commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Log } from '../logs/log.ts';
import { writeAtomically } from '../preferences/atomic-file.ts';
import type { Cipher } from './cipher.ts';
import { cleanToken } from './clean-token.ts';

/** What {@link createTokenStore} needs. */
export interface TokenStoreDeps {
  readonly cipher: Cipher;
  /** The encrypted token. */
  readonly path: string;
  /** What is used while the user saved none. */
  readonly environmentToken: () => Promise<string | null>;
  readonly log: Log;
}

/** The Hub token. It is told to the engine only; everybody else learns whether there is one. */
export interface TokenStore {
  /** Null when there is none. Never fails. */
  token(): Promise<string | null>;
  status(): Promise<TokenStatus>;
  /** Kept in memory alone where the system keeps no keys. Throws BadRequest for what is no token. */
  save(text: string): Promise<TokenStatus>;
  /** Forgets what was saved; that of the environment counts again. Throws DiskPermission when the file stays. */
  forget(): Promise<TokenStatus>;
}

interface Held {
  readonly token: string;
  readonly kept: NonNullable<TokenStatus['kept']>;
}

/** A store that looks for a token when it is first asked. */
export function createTokenStore({ cipher, path, environmentToken, log }: TokenStoreDeps): TokenStore {
  let held: Promise<Held | null> | null = null;

  const current = () => {
    held ??= find();
    return held;
  };

  async function find(): Promise<Held | null> {
    const saved = await readSaved();
    if (saved !== null) return { token: saved, kept: 'keychain' };
    const token = await environmentToken();
    return token === null ? null : { token, kept: 'environment' };
  }

  async function readSaved(): Promise<string | null> {
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) return null;
    try {
      return cleanToken(await cipher.decrypt(bytes));
    } catch {
      log.warn(
        'The saved token could not be decrypted with the key of this system. It must be entered anew.',
      );
      return null;
    }
  }

  async function save(text: string): Promise<TokenStatus> {
    const token = cleanToken(text);
    if (token === null) {
      throw new AppError(
        'BadRequest',
        'This is not a token: a token is one word of letters, digits and signs.',
      );
    }
    const kept = (await keep(token)) ? 'keychain' : 'memory';
    held = Promise.resolve({ token, kept });
    return { present: true, kept };
  }

  /** True when it is on disk, encrypted. An older one must not come back after a restart in any case. */
  async function keep(token: string): Promise<boolean> {
    try {
      if (await cipher.isAvailable()) {
        await writeAtomically(path, await cipher.encrypt(token));
        return true;
      }
    } catch (error) {
      log.warn(`The token is kept in memory only: ${error instanceof Error ? error.name : 'unknown'}`);
    }
    await rm(path, { force: true }).catch(() => undefined);
    return false;
  }

  async function forget(): Promise<TokenStatus> {
    try {
      await rm(path, { force: true });
    } catch (cause) {
      throw new AppError('DiskPermission', `The saved token could not be deleted: ${path}`, { cause });
    }
    held = null;
    return await status();
  }

  async function status(): Promise<TokenStatus> {
    const found = await current();
    return { present: found !== null, kept: found?.kept ?? null };
  }

  return { token: async () => (await current())?.token ?? null, status, save, forget };
}
