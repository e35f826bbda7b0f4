import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Cipher } from './cipher.ts';
import { createTokenStore } from './token-store.ts';

const HUB = 'https://huggingface.co';
const backwards = (text: string) => [...text].reverse().join('');
const keychain: Cipher = {
  isAvailable: async () => true,
  encrypt: async (text) => Buffer.from(backwards(text)),
  decrypt: async (bytes) => {
    const text = backwards(Buffer.from(bytes).toString());
    if (!/^(hf_|\{)/.test(text)) throw new Error('wrong key');
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
    environmentOrigin: HUB,
    log,
  });
  return { store, path, folder, log };
}

describe('createTokenStore', () => {
  it('keeps a token encrypted, for the owner only, until it is forgotten', async () => {
    const { store, path, folder } = await setUp();
    expect(await store.save(' hf_mine ', HUB, 'me')).toEqual({
      present: true,
      kept: 'keychain',
      origin: HUB,
      account: 'me',
    });
    expect(await readFile(path, 'utf8')).not.toContain('hf_mine');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { store: next } = await setUp({ folder });
    expect(await next.tokenFor(HUB)).toBe('hf_mine');
    expect(await next.status(HUB)).toMatchObject({ origin: HUB, account: 'me' });
    expect(await next.forget(HUB)).toEqual({ present: false, kept: null });
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps it in memory alone where the system keeps no keys, and says so', async () => {
    const { store, folder } = await setUp({ cipher: noKeychain });
    expect(await store.save('hf_mine', HUB, null)).toEqual({ present: true, kept: 'memory', origin: HUB });
    expect(await store.tokenFor(HUB)).toBe('hf_mine');
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not let an older token come back when the new one is in memory only', async () => {
    const { store, folder } = await setUp();
    await store.save('hf_old', HUB, null);
    const { store: next } = await setUp({ folder, cipher: noKeychain });
    await next.save('hf_new', HUB, null);
    const { store: third } = await setUp({ folder });
    expect(await third.tokenFor(HUB)).toBeNull();
  });

  it('uses that of the environment while none is saved, and again after one was forgotten', async () => {
    const { store } = await setUp({ environment: 'hf_env' });
    const environment = { present: true, kept: 'environment', origin: HUB };
    expect(await store.status(HUB)).toEqual(environment);
    await store.save('hf_mine', HUB, null);
    expect(await store.tokenFor(HUB)).toBe('hf_mine');
    expect(await store.forget(HUB)).toEqual(environment);
    expect(await store.tokenFor(HUB)).toBe('hf_env');
  });

  it('goes without when the saved one cannot be decrypted', async () => {
    const { store, path, log } = await setUp();
    await writeFile(path, 'of another key');
    expect(await store.tokenFor(HUB)).toBeNull();
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it.each(['', '  ', 'two words', 'line\nend', 'x'.repeat(501), 'hf_ä'])('refuses %j', async (text) => {
    const { store } = await setUp();
    await expect(store.save(text, HUB, null)).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('writes a token to no log and no error', async () => {
    const failing: Cipher = {
      ...keychain,
      encrypt: async (text) => {
        throw new Error(`cannot encrypt ${text}`);
      },
    };
    const { store, log } = await setUp({ cipher: failing });
    await store.save('hf_secret', HUB, null);
    await store.tokenFor('https://mirror.example');
    const said = JSON.stringify([log.warn.mock.calls, log.error.mock.calls, log.info.mock.calls]);
    expect(said).not.toContain('hf_secret');
  });
});

describe('a token and the Hub it belongs to', () => {
  it.each([
    'https://mirror.example',
    'https://huggingface.co.mirror.example',
    'http://huggingface.co',
    'https://huggingface.co:8443',
    'not an address',
  ])('a saved one of the Hub is not for %s', async (endpoint) => {
    const { store } = await setUp();
    await store.save('hf_mine', HUB, null);
    expect(await store.tokenFor(endpoint)).toBeNull();
    expect(await store.status(endpoint)).toMatchObject({ present: true, withheld: 'other-origin' });
    expect(await store.tokenFor(`${HUB}/`)).toBe('hf_mine');
  });

  it('one of the environment is for the Hub of the environment alone', async () => {
    const { store } = await setUp({ environment: 'hf_env' });
    expect(await store.tokenFor('https://mirror.example')).toBeNull();
  });

  it('one that was saved without an origin belongs to the Hub of the environment', async () => {
    const { store, path } = await setUp();
    await writeFile(path, backwards('hf_old'));
    expect(await store.tokenFor(HUB)).toBe('hf_old');
    expect(await store.tokenFor('https://mirror.example')).toBeNull();
  });

  it('is not taken for a Hub without encryption, unless that is on this computer', async () => {
    const { store } = await setUp();
    await expect(store.save('hf_mine', 'http://mirror.example', null)).rejects.toMatchObject({
      code: 'BadRequest',
      message: expect.stringContaining('isn’t encrypted'),
    });
    for (const local of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080']) {
      await store.save('hf_mine', local, null);
      expect(await store.tokenFor(local)).toBe('hf_mine');
    }
    await expect(store.save('hf_mine', 'http://127.0.0.1.evil.example', null)).rejects.toThrow();
  });
});
