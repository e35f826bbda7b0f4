import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseUsage, type ResourceUsage, USAGE_FORMAT } from './resource-usage.ts';

/** A command to measure. */
export interface Command {
  readonly argv: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** After so many seconds it is ended. */
  readonly limitSeconds: number;
  /** Each line of its standard output, with the milliseconds since its start. */
  readonly onLine?: (line: string, atMs: number) => void;
  /** Aborting sends SIGINT, once. */
  readonly interrupt?: AbortSignal;
}

/** How a command ended. */
export interface CommandEnd {
  readonly seconds: number;
  readonly usage: ResourceUsage | null;
  /** Milliseconds since the epoch at its start. */
  readonly startedAt: number;
  /** Exit code; null when it was ended by a signal or was too slow. */
  readonly code: number | null;
  readonly tooSlow: boolean;
  /** The last lines of its standard error. */
  readonly errors: string;
}

/** GNU time, from the Debian package `time`. */
const TIME = '/usr/bin/time';
const KEPT_ERROR_CHARACTERS = 400;

/** True where CPU time and memory can be measured. */
export function canMeasureUsage(): boolean {
  return process.platform === 'linux' && existsSync(TIME);
}

/** Runs a command to its end and measures it. `usageFile` is a path for the numbers of GNU time. */
export async function runCommand(command: Command, usageFile: string): Promise<CommandEnd> {
  const measured = canMeasureUsage();
  const prefix = measured ? [TIME, '-f', USAGE_FORMAT, '-o', usageFile] : [];
  const [program = '', ...args] = [...prefix, ...command.argv];
  const startedAt = Date.now();
  const started = performance.now();
  // A separate group, so that all of it can be ended together.
  const child = spawn(program, args, {
    cwd: command.cwd,
    env: cleanEnvironment(command.env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const elapsedMs = () => performance.now() - started;
  createInterface({ input: child.stdout }).on('line', (line) => command.onLine?.(line, elapsedMs()));
  let errors = '';
  child.stderr.on('data', (data) => {
    errors = `${errors}${data}`.slice(-KEPT_ERROR_CHARACTERS);
  });
  const signalGroup = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, signal);
  };
  let tooSlow = false;
  const limit = setTimeout(() => {
    tooSlow = true;
    signalGroup('SIGKILL');
  }, command.limitSeconds * 1000);
  const onInterrupt = () => signalGroup('SIGINT');
  // Whoever ends the benchmark ends what it runs.
  const onExit = () => signalGroup('SIGKILL');
  process.prependOnceListener('exit', onExit);
  command.interrupt?.addEventListener('abort', onInterrupt, { once: true });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  let exitMs = 0;
  child.once('error', reject);
  child.once('exit', () => {
    exitMs = elapsedMs();
  });
  child.once('close', (code) => resolve(code));
  try {
    const code = await promise;
    const usage = measured ? parseUsage(await readFile(usageFile, 'utf8').catch(() => '')) : null;
    return { seconds: exitMs / 1000, usage, startedAt, code, tooSlow, errors: errors.trim() };
  } finally {
    clearTimeout(limit);
    command.interrupt?.removeEventListener('abort', onInterrupt);
    process.removeListener('exit', onExit);
    await rm(usageFile, { force: true });
  }
}

/** Without the caller's proxies and Hub settings, which would change what is measured. */
function cleanEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/_proxy$|^HF_|^HAULYARD_|^NODE_OPTIONS$/i.test(name),
  );
  return { ...Object.fromEntries(kept), ...more };
}
