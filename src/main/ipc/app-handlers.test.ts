import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { AppInfo } from '../../shared/contract/app-commands.ts';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import { createSource } from '../foundation/followed.ts';
import type { PreferencesStore } from '../preferences/preferences-store.ts';
import { createAppHandlers, type Desktop } from './app-handlers.ts';

async function setUp(state: EngineStatus = { state: 'running', runId: 'r' }) {
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-handlers-'));
  let token: string | null = 'hf_env';
  const desktop = {
    showInFolder: vi.fn(),
    openPage: vi.fn(async () => undefined),
    writeClipboard: vi.fn(),
    chooseFolder: vi.fn(async (): Promise<string | null> => null),
    chooseFile: vi.fn(async (): Promise<string | null> => null),
  } satisfies Desktop;
  const host = {
    status: createSource(state, vi.fn()),
    restart: vi.fn(async () => undefined),
    call: vi.fn(async () => ({ ok: true as const, value: undefined })),
  };
  const tokens = {
    token: async () => token,
    status: async () => ({ present: token !== null, kept: null }),
    save: async (text: string) => {
      token = text;
      return { present: true, kept: 'keychain' as const };
    },
    forget: async () => {
      token = null;
      return { present: false, kept: null };
    },
  };
  const info = { cacheDir: folder, dataDir: '/data', endpoint: 'https://huggingface.co' } as AppInfo;
  const handlers = createAppHandlers({
    host,
    tokens,
    desktop,
    preferences: {} as PreferencesStore,
    appInfo: () => info,
  });
  return { handlers, desktop, host, folder };
}

describe('token commands', () => {
  it('hand a saved token to the engine and its status to the page', async () => {
    const { handlers, host } = await setUp();
    expect(await handlers['token.save']({ token: 'hf_new' })).toEqual({ present: true, kept: 'keychain' });
    expect(host.call).toHaveBeenCalledWith('token.set', { token: 'hf_new' });
  });

  it('take a forgotten token from the engine', async () => {
    const { handlers, host } = await setUp();
    await handlers['token.forget']({});
    expect(host.call).toHaveBeenCalledWith('token.set', { token: null });
  });

  it('leave an engine alone that does not run: it asks when it starts', async () => {
    const { handlers, host } = await setUp({ state: 'starting' });
    await handlers['token.save']({ token: 'hf_new' });
    expect(host.call).not.toHaveBeenCalled();
  });
});

describe('shell commands', () => {
  it('reveal what is in the cache, and nothing else', async () => {
    const { handlers, desktop, folder } = await setUp();
    await writeFile(join(folder, 'model'), '');
    await handlers['shell.reveal']({ path: join(folder, 'model') });
    await expect(handlers['shell.reveal']({ path: '/etc/passwd' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    expect(desktop.showInFolder.mock.calls).toEqual([[join(folder, 'model')]]);
  });

  it('open pages of the list, and nothing else', async () => {
    const { handlers, desktop } = await setUp();
    await handlers['shell.open']({ url: 'https://huggingface.co/org/name' });
    await expect(handlers['shell.open']({ url: 'https://evil.example/' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    expect(desktop.openPage.mock.calls).toEqual([['https://huggingface.co/org/name']]);
  });

  it('tell size and path of a partial that was chosen', async () => {
    const { handlers, desktop, folder } = await setUp();
    const path = join(folder, 'partial');
    await writeFile(path, '12345');
    expect(await handlers['dialog.choosePartial']({})).toEqual({ file: null });
    desktop.chooseFile.mockResolvedValue(path);
    expect(await handlers['dialog.choosePartial']({})).toEqual({ file: { path, bytes: 5 } });
  });
});
