import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MISBEHAVIOURS } from './demo/misbehaviour.ts';
import { takePicture } from './demo/picture.ts';
import type { ElectronDist } from './electron-dist/dist.ts';
import { launchPlan, thisMachine } from './electron-dist/launch.ts';
import { requireSystemPackages } from './electron-dist/ready.ts';
import { runOnDisplay } from './electron-dist/run-app.ts';
import { electronDist } from './electron-dist.ts';

/**
 * Shows the app without internet: `npm run demo -- [options]` starts a local Hub whose models have the names and sizes of real
 * ones and made-up content, and opens the built app on it, with a cache and a data folder of its own. Everything ends with the app.
 */
const APP = fileURLToPath(new URL('..', import.meta.url));
const CATALOG = fileURLToPath(new URL('../test/hub/demo-catalog.json', import.meta.url));
const HUB = fileURLToPath(new URL('demo/hub.ts', import.meta.url));
const ROOT = join(tmpdir(), 'haulyard-demo');
const DEFAULT_BYTES_PER_SECOND = 20_000_000;

const USAGE = `Usage: npm run demo -- [options]

  --bytes-per-second N   speed of the line (default ${DEFAULT_BYTES_PER_SECOND})
  --misbehave HOW        ${MISBEHAVIOURS.join(' | ')}: the line drops, falls silent, damages bytes, or all of it
  --assume MACHINE       recommend as if on this machine, for example "Apple M3 Pro,18GB"
  --screenshot FILE      download a model, save a picture of the window (PNG) in the middle of it, and end
  --fresh                forget what earlier demos downloaded
  --help                 this text

Models and state are kept in ${ROOT} between demos.
Tokens of the local Hub: hf_local_granted reads the gated model, hf_local_reader does not.
`;

try {
  process.exitCode = await demo(readOptions());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

interface DemoOptions {
  readonly bytesPerSecond: number;
  readonly misbehave: string | undefined;
  readonly assume: string | undefined;
  readonly screenshot: string | undefined;
  readonly fresh: boolean;
  readonly help: boolean;
}

function readOptions(): DemoOptions {
  const { values } = parseArgs({
    options: {
      'bytes-per-second': { type: 'string', default: String(DEFAULT_BYTES_PER_SECOND) },
      misbehave: { type: 'string' },
      assume: { type: 'string' },
      screenshot: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const bytesPerSecond = Number(values['bytes-per-second']);
  if (!(bytesPerSecond > 0)) throw new Error('--bytes-per-second takes a number above 0.');
  const { misbehave, assume, screenshot, fresh, help } = values;
  if (misbehave !== undefined && !MISBEHAVIOURS.some((known) => known === misbehave)) {
    throw new Error(`--misbehave takes one of ${MISBEHAVIOURS.join(', ')}.`);
  }
  return { bytesPerSecond, misbehave, assume, screenshot, fresh, help };
}

async function demo(options: DemoOptions): Promise<number> {
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (!existsSync(join(APP, 'out/main/index.cjs')))
    throw new Error('The app is not built. Run: npm run build');
  requireSystemPackages();
  const dist = await electronDist();
  if (options.screenshot !== undefined)
    return await picture(dist, { ...options, screenshot: options.screenshot });
  if (options.fresh) await rm(ROOT, { recursive: true, force: true });
  await mkdir(ROOT, { recursive: true });
  const hub = fork(HUB, [String(options.bytesPerSecond), options.misbehave ?? '']);
  try {
    const url = await addressOf(hub);
    const environment = { ...process.env, ...appEnvironment(url, ROOT, options) };
    const plan = launchPlan(dist, APP, { ...thisMachine(), environment });
    process.stdout.write(
      `Local Hub: ${url}. Models and state: ${ROOT}. Quit the app or press Ctrl-C to end.\n`,
    );
    return await runOnDisplay({ command: dist.executable, args: plan.args }, plan);
  } finally {
    hub.kill();
  }
}

function addressOf(hub: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    hub.once('message', (message) => resolve((message as { url: string }).url));
    hub.once('exit', (code) => reject(new Error(`The local Hub did not start (exit code ${code}).`)));
  });
}

/** A demo of its own, beside any other: downloads from the first moment, and nothing is kept but the picture. */
async function picture(
  dist: ElectronDist,
  options: DemoOptions & { readonly screenshot: string },
): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'haulyard-demo-picture-'));
  const hub = fork(HUB, [String(options.bytesPerSecond), options.misbehave ?? '', '--any-port']);
  try {
    const environment = { ...process.env, ...appEnvironment(await addressOf(hub), root, options) };
    const file = resolve(options.screenshot);
    await takePicture({ dist, appPath: APP, environment, file });
    process.stdout.write(`${file}\n`);
    return 0;
  } finally {
    hub.kill();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Nothing of the user's own Hub settings gets in: neither a cache nor a token. */
function appEnvironment(url: string, root: string, { assume }: DemoOptions): NodeJS.ProcessEnv {
  return {
    HF_ENDPOINT: url,
    HF_HOME: join(root, 'hf'),
    HF_HUB_CACHE: join(root, 'hf', 'hub'),
    HF_TOKEN: undefined,
    HF_TOKEN_PATH: undefined,
    HAULYARD_CATALOG: CATALOG,
    HAULYARD_DATA_DIR: join(root, 'data'),
    HAULYARD_ASSUME_HARDWARE: assume,
  };
}
