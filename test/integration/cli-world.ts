import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import { type Hub, type HubOptions, startHub } from '../hub/hub.ts';
import { requireOfficial } from './harness.ts';

/** The built launcher; `npm run build` makes it. */
export const CLI = fileURLToPath(new URL('../../out/cli/index.js', import.meta.url));

/** A process that is not done by then hangs. */
const TIME_LIMIT_MS = 25_000;

/** A value of a JSON line, as far as tests look into it. */
export type JsonLine = Readonly<Record<string, unknown>>;

/** How a command line ended. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard output as JSON; throws when one is not. */
  json(): readonly JsonLine[];
}

/** What may differ from run to run. */
export interface CliOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program that starts the command line, as `nohup` does; its first lines are a shell script then. */
  readonly through?: string;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** A process that is not done by then is ended; 25 s when absent. */
  readonly timeLimitMs?: number;
}

/** A command line that is running. */
export interface RunningCli {
  readonly process: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** Resolves with the first line of standard output, past or future, that fits; rejects when the process ends without. */
  line(fits: (line: string) => boolean): Promise<string>;
  /** The same for the first event of that name with `--json`. */
  event(name: string, fits?: (event: JsonLine) => boolean): Promise<JsonLine>;
}

/** A Hub, and folders on disk for command lines. */
export interface CliWorld extends AsyncDisposable {
  readonly hub: Hub;
  readonly root: string;
  readonly cacheDir: string;
  readonly dataDir: string;
  readonly catalogFile: string;
  start(args: readonly string[], options?: CliOptions): RunningCli;
  /** Runs to the end. */
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
}

/**
 * Starts a Hub and creates empty folders. All settings are passed to the command line by environment variables.
 * Disposing ends what still runs and removes the folders.
 */
export async function openCliWorld(
  repositories: HubOptions['repositories'],
  options: Omit<HubOptions, 'repositories'> = {},
  catalog: unknown = catalogOf([]),
): Promise<CliWorld> {
  const root = await mkdtemp(join(tmpdir(), 'haulyard-cli-'));
  const hub = await startHub({ repositories, tokens: LOCAL_TOKENS, ...options });
  const dataDir = join(root, 'data');
  const cacheDir = join(root, 'hf', 'hub');
  const catalogFile = join(root, 'catalog.json');
  await writeFile(catalogFile, JSON.stringify(catalog));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: root,
    HF_HOME: join(root, 'hf'),
    HF_ENDPOINT: hub.url,
    HAULYARD_DATA_DIR: dataDir,
    HAULYARD_CATALOG: catalogFile,
  };
  const running = new Set<RunningCli>();
  const start: CliWorld['start'] = (args, changes = {}) => {
    const cli = startCli(args, { ...changes, env: { ...env, ...changes.env } });
    running.add(cli);
    void cli.ended.finally(() => running.delete(cli));
    return cli;
  };
  return {
    hub,
    root,
    cacheDir,
    dataDir,
    catalogFile,
    start,
    run: (args, changes) => start(args, changes).ended,
    async [Symbol.asyncDispose]() {
      for (const cli of running) cli.process.kill('SIGKILL');
      await Promise.all([...running].map((cli) => cli.ended));
      await hub.close();
      await rm(root, { recursive: true, force: true });
      requireOfficial(hub);
    },
  };
}

function startCli(
  args: readonly string[],
  { stdin, env = {}, through, nodeOptions = [], timeLimitMs = TIME_LIMIT_MS }: CliOptions,
): RunningCli {
  const child = spawn(through ?? process.execPath, [...nodeOptions, CLI, ...args], { env, stdio: 'pipe' });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeLimitMs);
  child.stdin.on('error', () => {}); // It may end without reading.
  child.stdin.end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => {
    stdout += String(part);
  });
  child.stderr.on('data', (part) => {
    stderr += String(part);
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const listener of listeners) listener(line);
  });
  const ended = new Promise<CliResult>((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const json = () =>
        stdout
          .split('\n')
          .filter(Boolean)
          .map((line): JsonLine => JSON.parse(line));
      resolve({ code, signal, stdout, stderr, json });
    });
  });
  const line: RunningCli['line'] = (fits) =>
    new Promise((resolve, reject) => {
      const known = lines.find(fits);
      if (known !== undefined) resolve(known);
      listeners.add((text) => fits(text) && resolve(text));
      void ended.then(() => reject(new Error(`It ended without that line.\n${stdout}\n${stderr}`)));
    });
  return {
    process: child,
    ended,
    line,
    async event(name, fits = () => true) {
      const isIt = (text: string) => {
        const event: JsonLine = JSON.parse(text);
        return event.event === name && fits(event);
      };
      return JSON.parse(await line(isIt));
    },
  };
}

/** A variant of a catalog. */
export interface TestVariant {
  readonly id: string;
  readonly repo: string;
  readonly pins?: readonly unknown[];
}

/** A catalog with one model, `tiny`, of these variants; without any, the variant is in no Hub. */
export function catalogOf(variants: readonly TestVariant[]): unknown {
  const all = variants.length > 0 ? variants : [{ id: 'bf16', repo: 'nobody/nothing' }];
  const model = {
    id: 'tiny',
    name: 'Tiny',
    summary: 'A small model.',
    license: 'MIT',
    variants: all.map((variant) => ({ bytes: 1_000_000, neededBytes: 2_000_000, ...variant })),
  };
  return { version: 1, models: [model] };
}
