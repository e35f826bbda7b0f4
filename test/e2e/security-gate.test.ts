import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bridge } from '../../src/shared/contract/bridge.ts';
import type { Outcome } from '../../src/shared/contract/envelope.ts';
import { openApp, type TestApp } from './app.ts';

/** One app for all: none of these may change it, and that it is unimpressed at the end is part of the test. */
let app: TestApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(async () => {
  await expect(app.call('snapshot', {})).resolves.toHaveProperty('runId');
  await app[Symbol.asyncDispose]();
});

/** What the bridge answers to anything at all. */
function ask(name: unknown, args?: unknown): Promise<Outcome<unknown>> {
  return app.page.evaluate(
    ([command, argument]) => {
      const { haulyard } = globalThis as unknown as { haulyard: Bridge };
      return haulyard.call(command as never, argument as never) as Promise<Outcome<unknown>>;
    },
    [name, args] as const,
  );
}

describe('the gate between page and main', () => {
  it.each([
    'nothing.like.it',
    '',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'snapshot ',
    'token.set',
    `downloads.add\u0000`,
    'x'.repeat(100_000),
  ])('refuses the command %j', async (name) => {
    await expect(ask(name, {})).resolves.toMatchObject({ ok: false, error: { code: 'BadRequest' } });
  });

  it.each([[null], [undefined], [7], [true], [['snapshot']], [{ name: 'snapshot' }]])(
    'refuses %j as the name of a command',
    async (name) => {
      await expect(ask(name, {})).resolves.toMatchObject({ ok: false, error: { code: 'BadRequest' } });
    },
  );

  it.each([
    ['downloads.add', undefined],
    ['downloads.add', null],
    ['downloads.add', 'parakeet'],
    ['downloads.add', []],
    ['downloads.add', {}],
    ['downloads.add', { reference: 5 }],
    ['downloads.add', { reference: 'x'.repeat(10_000) }],
    ['downloads.add', { reference: 'parakeet', workers: -1 }],
    ['downloads.add', { reference: 'parakeet', chunkSizeBytes: Number.POSITIVE_INFINITY }],
    ['downloads.pause', { id: { toString: 'x' } }],
    ['downloads.move', { id: 'x', position: 1.5 }],
    ['settings.set', { atOnce: 1e9 }],
    ['settings.set', { isAdmin: true }],
    ['preferences.set', { endpoint: 'file:///etc/passwd' }],
    ['preferences.set', { endpoint: 'javascript:alert(1)' }],
    ['preferences.set', { unheardOf: 1 }],
    ['snapshot', { extra: 1 }],
    ['token.save', { token: '' }],
  ])('refuses %s with %j', async (name, args) => {
    await expect(ask(name, args)).resolves.toMatchObject({ ok: false, error: { code: 'BadRequest' } });
  });

  it('reveals nothing of its inside when it rejects', async () => {
    const answer = JSON.stringify(await ask('downloads.add', { reference: 5 }));
    expect(answer).not.toMatch(/\bat .*\.(c?js|ts):\d+|node_modules|out[\\/]main/);
  });

  it('is not fooled by an argument with prototype names in it', async () => {
    const answer = await app.page.evaluate(() => {
      const { haulyard } = globalThis as unknown as { haulyard: Bridge };
      const args = JSON.parse(
        '{"__proto__": {"atOnce": 16}, "constructor": {"prototype": {"polluted": true}}}',
      );
      return haulyard.call('settings.set', args) as Promise<Outcome<unknown>>;
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'BadRequest' } });
    expect(await app.app.evaluate(() => ({}) as { polluted?: boolean })).not.toHaveProperty('polluted');
    expect(await app.app.evaluate(() => 'polluted' in {})).toBe(false);
  });

  it('answers, and does not throw, when an argument cannot be sent at all', async () => {
    const answer = await app.page.evaluate(async () => {
      const { haulyard } = globalThis as unknown as { haulyard: Bridge };
      try {
        const outcome = await haulyard.call('snapshot', { f: () => 1, s: Symbol('x') } as never);
        return outcome.ok ? 'accepted' : outcome.error.code;
      } catch (error) {
        return `threw ${String(error)}`;
      }
    });
    // The bridge of Electron itself refuses what has no copy; a throw out of it is the page's own mistake.
    expect(answer).toMatch(/^BadRequest$|could not be cloned/);
  });

  it('refuses a window that is not the page, even with the same preload', async () => {
    const preload = fileURLToPath(new URL('../../out/preload/index.cjs', import.meta.url));
    const answer = await app.app.evaluate(async ({ BrowserWindow }, file) => {
      const foreign = new BrowserWindow({ show: false, webPreferences: { preload: file, sandbox: true } });
      try {
        await foreign.loadURL('data:text/html,<title>foreign</title>');
        return await foreign.webContents.executeJavaScript("window.haulyard.call('snapshot', {})");
      } finally {
        foreign.destroy();
      }
    }, preload);
    expect(answer).toMatchObject({ ok: false, error: { code: 'BadRequest' } });
  });

  it('refuses raw messages of a foreign frame, whatever they look like', async () => {
    const answers = await app.app.evaluate(async ({ BrowserWindow }) => {
      const foreign = new BrowserWindow({
        show: false,
        webPreferences: { nodeIntegration: true, contextIsolation: false, sandbox: false },
      });
      try {
        await foreign.loadURL('data:text/html,<title>foreign</title>');
        return (await foreign.webContents.executeJavaScript(`(async () => {
          const { ipcRenderer } = require('electron');
          const messages = [[], ['snapshot'], [{ name: 'snapshot', args: {} }], ['snapshot', {}], [null], [[]]];
          const answers = [];
          for (const message of messages) {
            answers.push(await ipcRenderer.invoke('haulyard:call', ...message).catch((error) => ({ ok: false, error: { code: String(error) } })));
          }
          return answers;
        })()`)) as { ok: boolean; value?: unknown }[];
      } finally {
        foreign.destroy();
      }
    });
    expect(answers).toHaveLength(6);
    for (const answer of answers) expect(answer).toMatchObject({ ok: false });
  });
});

describe('the shell', () => {
  it.each([
    'http://huggingface.co/',
    'https://huggingface.co.evil.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
  ])('does not open %s in the browser', async (url) => {
    const opened = await withOpenExternalWatched(() => ask('shell.open', { url }));
    expect(opened).toEqual([]);
  });

  it('opens a page of the Hub in the browser', async () => {
    const opened = await withOpenExternalWatched(() =>
      ask('shell.open', { url: 'https://huggingface.co/kyutai' }),
    );
    expect(opened).toEqual(['https://huggingface.co/kyutai']);
  });

  it.each(['/etc/passwd', '/', '../../etc/passwd', 'relative', '\u0000'])(
    'does not reveal %j',
    async (path) => {
      await expect(ask('shell.reveal', { path })).resolves.toMatchObject({ ok: false });
    },
  );
});

async function withOpenExternalWatched(act: () => Promise<unknown>): Promise<readonly string[]> {
  await app.app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { openedByTest: opened });
    shell.openExternal = async (url: string) => void opened.push(url);
  });
  await act();
  return app.app.evaluate(() => (globalThis as unknown as { openedByTest: string[] }).openedByTest);
}

describe('a token', () => {
  const TOKEN = 'hf_local_granted';

  it('once saved is revealed to nothing: not to the page, the disk or the log', async () => {
    await app.call('token.save', { token: TOKEN });
    const told = await Promise.all([
      app.call('token.status', {}),
      app.call('preferences.get', {}),
      app.call('settings.get', {}),
      app.call('snapshot', {}),
      app.call('app.info', {}),
      app.call('doctor', {}),
    ]);
    expect(told[0]).toMatchObject({ present: true });
    expect(JSON.stringify(told)).not.toContain(TOKEN);
    expect(await app.page.content()).not.toContain(TOKEN);
    expect(
      await app.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    ).not.toContain(TOKEN);
    expect(app.stderr()).not.toContain(TOKEN);
    expect(await filesWith(TOKEN, app.root)).toEqual([]);
    await app.call('token.forget', {});
  });
});

/** Files below `folder` that contain `text` as it is. */
async function filesWith(text: string, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    if (content.includes(text)) found.push(path);
  }
  return found;
}
