import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchPlan, NO_GPU, thisMachine } from '../../tools/electron-dist/launch.ts';
import { type CliWorld, openCliWorld } from '../integration/cli-world.ts';
import { oneFile, WEIGHTS } from '../integration/repositories.ts';

/**
 * A stranger's page against `haulyard serve` on loopback, in a Chromium without any of our settings. The page is loaded from the
 * stranger's server under a name of the stranger; then that name and port lead to `serve`, as after DNS rebinding. To the browser it is
 * one origin throughout.
 */
const STRANGER = 'stranger.example';
const ID = 'org/one';
const MODEL = `/api/models/${ID}`;
const FILE = `/${ID}/resolve/main/${WEIGHTS}`;
const BROWSER = `const { app, BrowserWindow } = require('electron');
app.on('window-all-closed', () => undefined);
app.whenReady().then(() => new BrowserWindow({ show: false }).loadURL('about:blank'));`;

let world: CliWorld;
let browser: ElectronApplication;
let page: Page;
let port: number;
beforeAll(async () => {
  world = await openCliWorld([oneFile(100_000, ID)]);
  expect((await world.run(['download', ID])).code).toBe(0);
  browser = await openBrowser();
  page = await browser.firstWindow();
  const stranger = await listen(0);
  ({ port } = stranger.address() as AddressInfo);
  await page.goto(`http://${STRANGER}:${port}/`);
  expect(await page.title()).toBe('stranger');
  stranger.closeAllConnections();
  stranger.close();
  await once(stranger, 'close');
  // From here on the stranger's name leads to us.
  await world.start(['serve', '--port', String(port), '--json'], { timeLimitMs: 60_000 }).event('serving');
});
afterAll(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

async function listen(wanted: number): Promise<Server> {
  const html = '<!doctype html><title>stranger</title>';
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function openBrowser(): Promise<ElectronApplication> {
  const folder = join(world.root, 'browser');
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'browser', main: 'main.js' }));
  await writeFile(join(folder, 'main.js'), BROWSER);
  const display = inject('display') ?? process.env.DISPLAY;
  const environment = {
    PATH: process.env.PATH ?? '',
    HOME: world.root,
    ...(display === undefined ? {} : { DISPLAY: display }),
  };
  const plan = launchPlan(inject('electron'), folder, { ...thisMachine(), environment });
  const env = Object.entries(plan.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return _electron.launch({
    executablePath: inject('electron').executable,
    args: [NO_GPU, `--host-resolver-rules=MAP ${STRANGER} 127.0.0.1`, ...plan.args],
    env: Object.fromEntries(env),
  });
}

/** What a page gets to read of an address: a status and a text, or why not. */
const read = (
  address: string,
  options: { readonly method?: string; readonly body?: string; readonly mode?: 'no-cors' } = {},
) =>
  page.evaluate(
    async ([url, init]) => {
      try {
        const answer = await fetch(url, init);
        return { type: answer.type, status: answer.status, text: await answer.text() };
      } catch (error) {
        return { refused: String(error) };
      }
    },
    [address, options] as const,
  );

describe('a page of a stranger, in a real Chromium', () => {
  it('reads nothing when its own name leads to this computer', async () => {
    for (const target of [MODEL, FILE, '/', '/health', '/api/haulyard/blob/x']) {
      const answer = await read(`http://${STRANGER}:${port}${target}`);
      expect([target, answer]).toEqual([
        target,
        { type: 'basic', status: 421, text: expect.not.stringContaining(ID) },
      ]);
    }
    const body = JSON.stringify({ sha256: [] });
    expect(await read('/api/haulyard/have', { method: 'POST', body })).toMatchObject({ status: 421 });
  });

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])('reads nothing of %s', async (host) => {
    const address = `http://${host}:${port}`;
    for (const target of [MODEL, FILE]) {
      expect([target, await read(address + target)]).toEqual([target, { refused: expect.any(String) }]);
      const blind = await read(address + target, { mode: 'no-cors' });
      expect('text' in blind ? [blind.type, blind.text] : ['opaque', '']).toEqual(['opaque', '']);
    }
  });

  it('does not see it through a frame', async () => {
    const seen = await page.evaluate(async (address) => {
      const frame = document.createElement('iframe');
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      frame.src = address;
      document.body.append(frame);
      await loaded;
      return frame.contentDocument?.body.textContent ?? null;
    }, `http://127.0.0.1:${port}/`);
    expect(seen).toBe(null);
  });

  it('and the owner of this computer reads it by its address', async () => {
    await page.goto(`http://127.0.0.1:${port}/`);
    expect(await page.textContent('body')).toContain('shares 1 model');
    // Only what it shows: no request of a page is answered in a sandbox.
    expect(await read(MODEL)).toHaveProperty('refused');
  });
});
