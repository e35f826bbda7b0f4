import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { BridgeCommandName } from '../../src/shared/contract/bridge.ts';
import type { CommandInput, CommandResult } from '../../src/shared/contract/commands.ts';
import type { Outcome } from '../../src/shared/contract/envelope.ts';
import type { ElectronDist } from '../../tools/electron-dist/dist.ts';
import { launchPlan, NO_GPU, thisMachine } from '../../tools/electron-dist/launch.ts';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import { type Hub, type HubOptions, startHub } from '../hub/hub.ts';
import { answerMessages, messagesOf } from './boxes.ts';
import { described } from './described.ts';
import { killEngine } from './engine-process.ts';
import { CATALOG, REPOSITORIES } from './fixtures.ts';
import { clickMenu, type MenuName, menuLabels } from './menus.ts';

const APP = fileURLToPath(new URL('../..', import.meta.url));
/** A window that is not there by then does not come. */
const START_TIMEOUT_MS = 15_000;
/** A page that has drawn nothing by then will not. */
const USABLE_TIMEOUT_MS = 15_000;
/** How long a page may look for an element before the test fails. */
const ELEMENT_TIMEOUT_MS = 30_000;

/** What the app runs on. */
export interface Stage {
  readonly electron: ElectronDist;
  /** Value of DISPLAY; null leaves it as it is. */
  readonly display: string | null;
}

/** How the app of a test differs from the usual. */
export interface AppOptions {
  readonly hub?: Partial<HubOptions>;
  readonly catalog?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** Called before the first start, with the folders made. */
  readonly prepare?: (folders: Folders) => Promise<void> | void;
  /** Does not start the app; call `start`. */
  readonly stopped?: boolean;
  /** The folder of the app, when it is not the built one. */
  readonly appPath?: (folders: Folders) => string;
  /** Errors of the page that belong to what is tested. */
  readonly expectedErrors?: readonly RegExp[];
}

/** Where the app of a test keeps everything. */
export interface Folders {
  readonly root: string;
  readonly dataDir: string;
  readonly cacheDir: string;
}

/** The built app on its own Hub, with its own folders. Disposing fails when the page logged an error. */
export interface TestApp extends Folders, AsyncDisposable {
  readonly hub: Hub;
  /** Throws while the app does not run, as `page` does. */
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What main and engine wrote to standard error, over all starts. */
  stderr(): string;
  start(): Promise<void>;
  /** Ends the app in order, as the menu does, and waits for it. */
  quit(): Promise<void>;
  restart(): Promise<void>;
  /** Opens the window again after it was closed, from the menu bar. */
  reopenWindow(): Promise<void>;
  /** SIGKILL to the app, which leaves it no time for anything. */
  kill(): Promise<void>;
  /** SIGKILL to the engine's process alone. */
  killEngine(): Promise<void>;
  /** Clicks an item of a menu, found by the words of its label and of its parents. */
  clickMenu(menu: MenuName, ...path: readonly (string | RegExp)[]): Promise<void>;
  /** Messages in boxes of the system since the app was started; each was answered with its first button. */
  messages(): Promise<readonly string[]>;
  menuLabels(menu: MenuName): Promise<readonly string[]>;
  /** A command through the bridge of the page; throws when it is refused. */
  call<N extends BridgeCommandName>(name: N, args: CommandInput<N>): Promise<CommandResult<N>>;
}

/** Starts a Hub and, by default, the app on it. */
export async function openAppOn(stage: Stage, options: AppOptions = {}): Promise<TestApp> {
  const root = await mkdtemp(join(tmpdir(), 'haulyard-e2e-'));
  const folders = { root, dataDir: join(root, 'data'), cacheDir: join(root, 'hf', 'hub') };
  await mkdir(folders.dataDir, { recursive: true });
  await writeFile(join(root, 'catalog.json'), JSON.stringify(options.catalog ?? CATALOG));
  const hub = await startHub({ repositories: REPOSITORIES, tokens: LOCAL_TOKENS, ...options.hub });
  const errors: string[] = [];
  let stderr = '';
  let running: { app: ElectronApplication; page: Page; child: ChildProcess } | null = null;

  const windowNow = () => running;
  const theRunning = () => {
    if (running === null) throw new Error('The app does not run.');
    return running;
  };
  const watched = new WeakSet<Page>();
  const watch = (page: Page) => {
    if (watched.has(page)) return;
    watched.add(page);
    page.setDefaultTimeout(ELEMENT_TIMEOUT_MS);
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  };
  let launched: ElectronApplication | null = null;
  const startOnce = async () => {
    running = null;
    const app = await launch(stage, folders, hub.url, options);
    launched = app;
    // Kept, because the driver no longer knows the process of an app that has ended.
    const child = app.process();
    child.stderr?.on('data', (data) => {
      stderr += String(data);
    });
    app.on('window', watch);
    await answerMessages(app);
    const page = await app.firstWindow({ timeout: START_TIMEOUT_MS });
    // It may have been there before anybody listened.
    watch(page);
    running = { app, page, child };
    await isUsable(page);
  };
  const giveUp = async () => {
    const half = windowNow();
    const seen = half === null ? 'no window' : await described(half).catch(String);
    launched?.process().kill('SIGKILL');
    running = null;
    return seen;
  };
  const start = async () => {
    try {
      await startOnce();
    } catch (error) {
      // On a busy machine the test driver occasionally waits forever for Electron's answer. Reported, and retried once.
      process.stderr.write(
        `The app did not come up (${error}) and is started again. Seen: ${await giveUp()}\n`,
      );
      await startOnce();
    }
  };
  const ended = async (end: () => Promise<void>) => {
    const { child } = theRunning();
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    const gone = hasEnded ? Promise.resolve() : once(child, 'exit');
    await end();
    await gone;
    running = null;
  };
  const quit = () => ended(() => theRunning().app.close());

  await options.prepare?.(folders);
  const self: TestApp = {
    ...folders,
    hub,
    get app() {
      return theRunning().app;
    },
    get page() {
      return theRunning().page;
    },
    stderr: () => stderr,
    start,
    quit,
    async restart() {
      await quit();
      await start();
    },
    async reopenWindow() {
      const { app, page, child } = theRunning();
      // It may have been hidden only.
      const opened = page.isClosed()
        ? app.waitForEvent('window', { timeout: START_TIMEOUT_MS })
        : Promise.resolve(page);
      await clickMenu(app, 'trayMenu', ['Open Haulyard']);
      running = { app, page: await opened, child };
      await isUsable(running.page);
      await app.evaluate(async ({ BrowserWindow }) => {
        while (!BrowserWindow.getAllWindows()[0]?.isVisible())
          await new Promise((resolve) => setTimeout(resolve, 20));
      });
    },
    kill: () => ended(async () => void theRunning().child.kill('SIGKILL')),
    killEngine: () => killEngine(theRunning().app),
    clickMenu: (menu, ...path) => clickMenu(theRunning().app, menu, path),
    messages: () => messagesOf(theRunning().app),
    menuLabels: (menu) => menuLabels(theRunning().app, menu),
    call: (name, args) => callBridge(theRunning().page, name, args),
    async [Symbol.asyncDispose]() {
      try {
        if (running !== null) await quit();
      } finally {
        await hub.close();
        await rm(root, { recursive: true, force: true, maxRetries: 5 });
      }
      const unexpected = errors.filter(
        (error) => !options.expectedErrors?.some((known) => known.test(error)),
      );
      if (unexpected.length > 0) throw new Error(`The page logged errors:\n${unexpected.join('\n')}`);
    },
  };
  try {
    if (options.stopped !== true) await start();
  } catch (error) {
    const seen = await giveUp();
    await hub.close();
    throw new Error(`The app did not come up: ${seen}\n${stderr}`, { cause: error });
  }
  return self;
}

/** The window can be used: the page is drawn and knows what the engine knows. */
async function isUsable(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Downloads' }).waitFor({ timeout: USABLE_TIMEOUT_MS });
}

async function launch(
  stage: Stage,
  folders: Folders,
  endpoint: string,
  { env = {}, appPath = () => APP }: AppOptions,
): Promise<ElectronApplication> {
  const { root, dataDir, cacheDir } = folders;
  const { PATH = '' } = process.env;
  const display = stage.display ?? process.env.DISPLAY;
  // Nothing of the user's own settings gets in.
  const environment = {
    PATH,
    HOME: root,
    HF_ENDPOINT: endpoint,
    HF_HOME: join(root, 'hf'),
    HF_HUB_CACHE: cacheDir,
    HAULYARD_DATA_DIR: dataDir,
    HAULYARD_CATALOG: join(root, 'catalog.json'),
    HAULYARD_E2E: '1',
    // Nothing is shared with, or looked for on, a real network.
    HAULYARD_NETWORK_INTERFACE: '127.0.0.1',
    LANG: 'en_US.UTF-8',
    ...(display === undefined ? {} : { DISPLAY: display }),
    ...env,
  };
  const plan = launchPlan(stage.electron, appPath(folders), { ...thisMachine(), environment });
  return _electron.launch({
    executablePath: stage.electron.executable,
    args: [...(stage.display === null ? [] : [NO_GPU]), ...plan.args],
    cwd: APP,
    // The page follows the app, not the test driver.
    colorScheme: null,
    env: definedOnly(plan.env),
    timeout: START_TIMEOUT_MS,
  });
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

async function callBridge<N extends BridgeCommandName>(
  page: Page,
  name: N,
  args: CommandInput<N>,
): Promise<CommandResult<N>> {
  const outcome = (await page.evaluate(
    ([command, argument]) => {
      const { haulyard } = globalThis as unknown as {
        haulyard: { call(name: string, args: unknown): Promise<unknown> };
      };
      return haulyard.call(command as string, argument);
    },
    [name, args] as const,
  )) as Outcome<CommandResult<N>>;
  if (outcome.ok) return outcome.value;
  throw new Error(`${name} was refused: ${outcome.error.code} ${outcome.error.message}`);
}
