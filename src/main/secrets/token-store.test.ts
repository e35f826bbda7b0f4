import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Cipher } from './cipher.ts';
import { createTokenStore } from './token-store.ts';

const backwards = (text: string) => [...text].reverse().join('');
const keychain: Cipher = {
  isAvailable: async () => true,
  encrypt: async (text) => Buffer.from(backwards(text)),
  decrypt: async (bytes) => {
    const text = backwards(Buffer.from(bytes).toString());
    if (!text.startsWith('hf_')) throw new Error('wrong key');
    return text;
  },
};
const noKeychain: Cipher = { ...keychain, isAvailable: async () => false };

async function setUp(
  change: { readonly cipher?: Cipher; readonly environment?: string; folder?: string } = {},
) {
  const folder = change.folder ?? (await mkdtemp(join(tmpdir(), 'haulyard-token-')));
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const path = join(folder, 'token.bin');
  const store = createTokenStore({
    cipher: change.cipher ?? keychain,
    path,
    environmentToken: async () => change.environment ?? null,
    log,
  });
  return { store, path, folder, log };
}

describe('createTokenStore', () => {
  it('keeps a token encrypted, for the owner only, until it is forgotten', async () => {
    const { store, path, folder } = await setUp();
    expect(await store.save(' hf_mine ')).toEqual({ present: true, kept: 'keychain' });
    expect(await readFile(path, 'utf8')).not.toContain('hf_mine');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { store: next } = await setUp({ folder });
    expect(await next.token()).toBe('hf_mine');
    expect(await next.forget()).toEqual({ present: false, kept: null });
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps it in memory alone where the system keeps no keys, and says so', async () => {
    const { store, folder } = await setUp({ cipher: noKeychain });
    expect(await store.save('hf_mine')).toEqual({ present: true, kept: 'memory' });
    expect(await store.token()).toBe('hf_mine');
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not let an older token come back when the new one is in memory only', async () => {
    const { store, folder } = await setUp();
    await store.save('hf_old');
    const { store: next } = await setUp({ folder, cipher: noKeychain });
    await next.save('hf_new');
    const { store: third } = await setUp({ folder });
    expect(await third.token()).toBeNull();
  });

  it('uses that of the environment while none is saved, and again after one was forgotten', async () => {
    const { store } = await setUp({ environment: 'hf_env' });
    expect(await store.status()).toEqual({ present: true, kept: 'environment' });
    await store.save('hf_mine');
    expect(await store.token()).toBe('hf_mine');
    expect(await store.forget()).toEqual({ present: true, kept: 'environment' });
    expect(await store.token()).toBe('hf_env');
  });

  it('goes without when the saved one cannot be decrypted', async () => {
    const { store, path, log } = await setUp();
    await writeFile(path, 'of another key');
    expect(await store.token()).toBeNull();
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it.each(['', '  ', 'two words', 'line\nend', 'x'.repeat(501), 'hf_ä'])('refuses %j', async (text) => {
    const { store } = await setUp();
    await expect(store.save(text)).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('writes a token to no log and no error', async () => {
    const failing: Cipher = {
      ...keychain,
      encrypt: async (text) => {
        throw new Error(`cannot encrypt ${text}`);
      },
    };
    const { store, log } = await setUp({ cipher: failing });
    await store.save('hf_secret');
    const said = JSON.stringify([log.warn.mock.calls, log.error.mock.calls, log.info.mock.calls]);
    expect(said).not.toContain('hf_secret');
  });
});
