import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EngineEvent } from '../../src/shared/contract/events.ts';

const CLI = fileURLToPath(new URL('../../out/cli/index.js', import.meta.url));

/** Where a command line keeps its things, and what it talks to. */
export interface Place {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly endpoint: string;
}

/** How a run ended. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly events: readonly EngineEvent[];
  readonly stderr: string;
  /** From spawn to end. */
  readonly milliseconds: number;
}

/** A `haulyard … --json` process. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** Sends a signal; does nothing once the process has ended. */
  signal(name: NodeJS.Signals): void;
}

/** Runs the built command line with `--json`; `onEvent` sees each line as it comes. */
export function runCommandLine(
  args: readonly string[],
  place: Place,
  onEvent: (event: EngineEvent, running: Running) => void = () => undefined,
): Running {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      CLI,
      '--json',
      '--data-dir',
      place.dataDir,
      '--cache-dir',
      place.cacheDir,
      '--endpoint',
      place.endpoint,
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH ?? '', HOME: place.dataDir } },
  );
  const events: EngineEvent[] = [];
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += String(text);
  });
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (code, signal) =>
      resolve({ code, signal, events, stderr, milliseconds: performance.now() - started }),
    );
  });
  const running: Running = { process: child, ended, signal: (name) => void child.kill(name) };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parse(line);
    if (!event) return;
    events.push(event);
    onEvent(event, running);
  });
  return running;
}

/** A killed process may leave half a line. */
function parse(line: string): EngineEvent | null {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return null;
  }
}
