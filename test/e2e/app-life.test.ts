import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { launchPlan, thisMachine } from '../../tools/electron-dist/launch.ts';
import { openApp, type TestApp } from './app.ts';
import { downloadFromCatalog, goTo, says } from './pane.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = fileURLToPath(new URL('../../out/cli/index.js', import.meta.url));
const PARAKEET = /^Parakeet/;
/** Slow enough to be in the middle of a download for as long as a test needs. */
const SLOW = { hub: { conditions: { totalBytesPerSecond: 100_000 } } } as const;

/** Environment of another program of the same user. */
function environmentOf(app: TestApp): NodeJS.ProcessEnv {
  const display = inject('display');
  return {
    PATH: process.env.PATH,
    HOME: app.root,
    HF_ENDPOINT: app.hub.url,
    HF_HUB_CACHE: app.cacheDir,
    HAULYARD_DATA_DIR: app.dataDir,
    HAULYARD_CATALOG: `${app.root}/catalog.json`,
    ...(process.env.XAUTHORITY ? { XAUTHORITY: process.env.XAUTHORITY } : {}),
    ...(display === null ? { DISPLAY: process.env.DISPLAY } : { DISPLAY: display }),
  };
}

describe('quitting in the middle of a download', () => {
  /** The questions to the user; the answers are given in this order: stay, quit. */
  const answerInTurn = (app: TestApp) =>
    app.app.evaluate(({ dialog }) => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      dialog.showMessageBox = (async (options: { message: string; detail: string }) => {
        asked.push(`${options.message} ${options.detail}`);
        return { response: asked.length === 1 ? 1 : 0, checkboxChecked: true };
      }) as typeof dialog.showMessageBox;
    });
  const asked = (app: TestApp) =>
    app.app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);

  it('explains that it resumes next time, can be canceled, and explains it once', async () => {
    await using app = await openApp(SLOW);
    await downloadFromCatalog(app.page, PARAKEET);
    await answerInTurn(app);
    await app.app.evaluate(({ app: electronApp }) => electronApp.quit());
    await expect.poll(() => asked(app)).toHaveLength(1);
    expect((await asked(app))[0]).toMatch(/isn’t finished.*will resume.*saved/);
    expect(await app.call('engine.status', {})).toMatchObject({ state: 'running' });

    // “Don’t ask again” was ticked: from now on it is quiet.
    await app.restart();
    await answerInTurn(app);
    await app.quit();
    await app.start();
    await goTo(app.page, 'Downloads');
  });
});

describe('the question about quitting', () => {
  it('goes away, and the app ends, when the downloads have finished meanwhile', async () => {
    await using app = await openApp(SLOW);
    await downloadFromCatalog(app.page, PARAKEET);
    await app.app.evaluate(({ dialog }) => {
      // As the real box does: it stays until it is answered or its signal is aborted.
      dialog.showMessageBox = ((...args: unknown[]) => {
        const { signal } = args.at(-1) as { signal: AbortSignal };
        Object.assign(globalThis, { isAsking: true });
        return new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ response: 1, checkboxChecked: false })),
        );
      }) as typeof dialog.showMessageBox;
    });
    const ended = once(app.app.process(), 'exit');
    await app.app.evaluate(({ app: electronApp }) => electronApp.quit());
    await expect
      .poll(() => app.app.evaluate(() => (globalThis as unknown as { isAsking?: boolean }).isAsking))
      .toBe(true);
    app.hub.conditions.set({ totalBytesPerSecond: null });
    await ended;
    await app.kill();
  });
});

describe('a data folder that the command line holds', () => {
  it('is shown as a guest, with who does the downloads, and taken over when that one ends', async () => {
    await using app = await openApp({ ...SLOW, stopped: true });
    const cli: ChildProcess = spawn(process.execPath, [CLI, 'download', 'parakeet', '--json'], {
      env: environmentOf(app),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!cli.stdout) throw new Error('no output');
    await once(cli.stdout, 'data');
    await app.start();
    await goTo(app.page, 'Downloads');
    const row = app.page.getByRole('listitem', { name: PARAKEET }).first();
    await says(row, /MB/);
    await says(app.page.getByText(/haulyard download/).first(), /haulyard download/);
    cli.kill('SIGINT');
    await once(cli, 'exit');
    // Nobody else does the downloads now.
    await app.page
      .getByText(/haulyard download/)
      .first()
      .waitFor({ state: 'detached', timeout: 15_000 });
    await expect
      .poll(() => app.call('engine.status', {}), { timeout: 15_000 })
      .toMatchObject({ state: 'running' });
    await says(row, /MB/);
  });
});

describe('the window', () => {
  it('comes back after its page crashed, and shows what it showed', async () => {
    await using app = await openApp({ ...SLOW, expectedErrors: [/crash/i] });
    await downloadFromCatalog(app.page, PARAKEET);
    const text = await app.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents;
      const loaded = new Promise<void>((resolve) => contents.once('did-finish-load', () => resolve()));
      process.kill(contents.getOSProcessId(), 'SIGKILL');
      await loaded;
      const look = 'new Promise((resolve) => setTimeout(() => resolve(document.body.innerText), 500))';
      return (await contents.executeJavaScript(look)) as string;
    });
    expect(text).toContain('Downloads');
    // Playwright has lost its hold on the page; the app is as it was.
    const status = await app.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
        "window.haulyard.call('snapshot', {}).then((answer) => answer.value.downloads.length)",
      ),
    );
    expect(status).toBe(1);
  });

  it('is shown by a second start, which passes its link on and ends', async () => {
    await using app = await openApp();
    await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    const electron = inject('electron');
    const environment = environmentOf(app);
    const plan = launchPlan(electron, ROOT, { ...thisMachine(), environment });
    const link = 'haulyard://download?repo=kyutai/moshiko-mlx-q8';
    const second = spawn(electron.executable, [...plan.args, link], {
      env: plan.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    second.stdout.on('data', (data) => {
      said += String(data);
    });
    const [code] = await once(second, 'close');
    expect(code).toBe(0);
    expect(said).toContain('Haulyard is already open.');
    await app.page.getByRole('dialog', { name: /^Files/ }).waitFor();
    const isVisible = await app.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.isVisible(),
    );
    expect(isVisible).toBe(true);
  });
});

describe('Chromium', () => {
  it('reaches no network, whichever way it is asked', async () => {
    await using app = await openApp();
    const answers = await app.app.evaluate(async ({ net, session }, url) => {
      const attempt = (promise: Promise<unknown>) =>
        promise.then(
          () => 'reached',
          () => 'not reached',
        );
      const other = session.fromPartition('of nobody') as typeof session.defaultSession;
      return [await attempt(net.fetch(`${url}/quiet`)), await attempt(other.fetch(`${url}/quiet`))];
    }, app.hub.url);
    expect(answers).toEqual(['not reached', 'not reached']);
    expect(app.hub.requests.filter(({ url }) => url.includes('/quiet'))).toEqual([]);
  });
});
