import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { AppInfo } from '../../shared/contract/app-commands.ts';
import { commands } from '../../shared/contract/commands.ts';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import { createOfferedPaths } from '../consent/offered-paths.ts';
import { createSource } from '../foundation/followed.ts';
import type { PreferencesStore } from '../preferences/preferences-store.ts';
import { createAppHandlers, type Desktop } from './app-handlers.ts';

const HUB = 'https://huggingface.co';

async function setUp(state: EngineStatus = { state: 'running', runId: 'r' }) {
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-handlers-'));
  const made = await mkdtemp(join(tmpdir(), 'haulyard-made-'));
  let token: string | null = 'hf_env';
  const desktop = {
    showInFolder: vi.fn(),
    openTerminal: vi.fn(async () => undefined),
    openPage: vi.fn(async () => undefined),
    writeClipboard: vi.fn(),
    chooseFolder: vi.fn(async (): Promise<string | null> => null),
    chooseFile: vi.fn(async (): Promise<string | null> => null),
  } satisfies Desktop;
  const call = vi.fn(async (name: string): Promise<Outcome<unknown>> => {
    return { ok: true, value: name === 'token.check' ? { account: 'ada' } : undefined };
  });
  const host = {
    status: createSource(state, vi.fn()),
    restart: vi.fn(async () => undefined),
    call,
  };
  const tokens = {
    tokenFor: async () => token,
    status: async () => ({ present: token !== null, kept: null }),
    save: async (text: string, endpoint: string, account: string | null) => {
      token = text;
      return {
        present: true,
        kept: 'keychain' as const,
        origin: endpoint,
        ...(account === null ? {} : { account }),
      };
    },
    forget: async () => {
      token = null;
      return { present: false, kept: null };
    },
  };
  const info = { cacheDir: folder, dataDir: '/data', endpoint: HUB } as AppInfo;
  const offered = createOfferedPaths();
  const popUpMenu = vi.fn(async () => 'verify' as const);
  const drag = vi.fn();
  const handlers = createAppHandlers({
    host,
    tokens,
    offered,
    desktop,
    preferences: {} as PreferencesStore,
    appInfo: () => info,
    buildRoot: () => made,
    popUpMenu,
    drag,
    setWindowReport: vi.fn(),
  });
  return { handlers, desktop, host, folder, offered, made, popUpMenu, drag };
}

const refusedAs = (code: ErrorCode) => ({
  ok: false as const,
  error: new AppError(code, 'This is what the Hub said.').toData(),
});

describe('token commands', () => {
  it('ask the Hub whose token it is, hand it to the engine, and tell the page its status', async () => {
    const { handlers, host } = await setUp();
    expect(await handlers['token.save']({ token: 'hf_new' })).toEqual({
      present: true,
      kept: 'keychain',
      origin: HUB,
      account: 'ada',
    });
    expect(host.call.mock.calls).toEqual([
      ['token.check', { token: 'hf_new' }],
      ['token.set', { token: 'hf_new' }],
    ]);
  });

  it('do not keep a token that the Hub rejects, and say so', async () => {
    const { handlers, host } = await setUp();
    host.call.mockResolvedValueOnce(refusedAs('AuthRequired'));
    await expect(handlers['token.save']({ token: 'hf_wrong' })).rejects.toMatchObject({
      code: 'AuthRequired',
      message: 'This is what the Hub said.',
    });
    expect(host.call).toHaveBeenCalledTimes(1);
  });

  it.each(['Offline', 'NotFound', 'EngineUnavailable'] as const)(
    'save one that could not be checked (%s), without a name',
    async (code) => {
      const { handlers, host } = await setUp();
      host.call.mockResolvedValueOnce(refusedAs(code));
      expect(await handlers['token.save']({ token: 'hf_new' })).toEqual({
        present: true,
        kept: 'keychain',
        origin: HUB,
      });
    },
  );

  it('take a forgotten token from the engine', async () => {
    const { handlers, host } = await setUp();
    await handlers['token.forget']({});
    expect(host.call).toHaveBeenCalledWith('token.set', { token: null });
  });

  it('leave an engine alone that does not run: it asks when it starts', async () => {
    const { handlers, host } = await setUp({ state: 'starting' });
    await handlers['token.save']({ token: 'hf_new' });
    expect(host.call).not.toHaveBeenCalledWith('token.set', expect.anything());
  });
});

describe('shell commands', () => {
  it('reveal a built model', async () => {
    const { handlers, desktop, made } = await setUp();
    const path = join(made, 'org', 'name-q4');
    await mkdir(path, { recursive: true });
    await handlers['shell.reveal']({ path });
    expect(desktop.showInFolder.mock.calls).toEqual([[path]]);
  });

  it('reveal what is in the cache, and nothing else', async () => {
    const { handlers, desktop, folder } = await setUp();
    await writeFile(join(folder, 'model'), '');
    await handlers['shell.reveal']({ path: join(folder, 'model') });
    await expect(handlers['shell.reveal']({ path: '/etc/passwd' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    expect(desktop.showInFolder.mock.calls).toEqual([[join(folder, 'model')]]);
  });

  it('open a terminal in the cache, and nowhere else', async () => {
    const { handlers, desktop, folder } = await setUp();
    await handlers['shell.openTerminal']({ path: folder });
    await expect(handlers['shell.openTerminal']({ path: '/etc' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    expect(desktop.openTerminal.mock.calls).toEqual([[folder]]);
  });

  it('let what is in the cache be dragged out, and nothing else', async () => {
    const { handlers, drag, folder } = await setUp();
    await writeFile(join(folder, 'model'), '');
    await handlers['shell.drag']({ path: join(folder, 'model') });
    await expect(handlers['shell.drag']({ path: '/etc/passwd' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    expect(drag.mock.calls).toEqual([[join(folder, 'model')]]);
  });

  it('open a menu of known items, and return the choice', async () => {
    const { handlers, popUpMenu } = await setUp();
    const groups = [[{ name: 'verify' as const }]];
    expect(await handlers['menu.popUp']({ groups })).toEqual({ chosen: 'verify' });
    expect(popUpMenu).toHaveBeenCalledWith(groups);
    const forged = { groups: [[{ name: 'verify', label: 'Allow everything' }]] };
    expect(commands['menu.popUp'].args.safeParse(forged).success).toBe(false);
    expect(commands['menu.popUp'].args.safeParse({ groups: [[{ name: 'quit' }]] }).success).toBe(false);
  });

  it('open pages of the list, and nothing else', async () => {
    const { handlers, desktop } = await setUp();
    await handlers['shell.open']({ url: 'https://huggingface.co/org/name' });
    await expect(handlers['shell.open']({ url: 'https://evil.example/' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    expect(desktop.openPage.mock.calls).toEqual([['https://huggingface.co/org/name']]);
  });

  it('return size and path of a chosen partial', async () => {
    const { handlers, desktop, folder } = await setUp();
    const path = join(folder, 'partial');
    await writeFile(path, '12345');
    expect(await handlers['dialog.choosePartial']({})).toEqual({ file: null });
    desktop.chooseFile.mockResolvedValue(path);
    expect(await handlers['dialog.choosePartial']({})).toEqual({ file: { path, bytes: 5 } });
  });

  it('remember what was chosen, because the page may name nothing else', async () => {
    const { handlers, desktop, offered } = await setUp();
    desktop.chooseFile.mockResolvedValue('/chosen/file');
    desktop.chooseFolder.mockResolvedValue('/chosen/folder');
    await handlers['dialog.choosePartial']({});
    await handlers['dialog.chooseFolder']({});
    expect(['/chosen/file', '/chosen/folder', '/etc/passwd'].map(offered.has)).toEqual([true, true, false]);
  });
});
