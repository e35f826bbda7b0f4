import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EngineEvent } from '../../src/shared/contract/events.ts';
import type { Place } from '../crash/command-line.ts';

const CLI = fileURLToPath(new URL('../../out/cli/index.js', import.meta.url));
const MOVED_CLOCK = new URL('./moved-clock.ts', import.meta.url).href;

/** A reason why the built command line cannot be run, or null. */
export const notBuilt = (): string | null => (existsSync(CLI) ? null : 'needs `npm run build`');

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly events: readonly EngineEvent[];
  readonly stderr: string;
  /** The error that it ended with, from the JSON output; empty without one. */
  readonly problem: string;
}

/** A running `haulyard … --json`. */
export interface Program {
  readonly ended: Promise<Ended>;
  /** The first event that fits; rejects when the program ends before. */
  until(fits: (event: EngineEvent) => boolean): Promise<EngineEvent>;
  signal(name: NodeJS.Signals): void;
}

/** A user of the system that a program runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Runs the built command line; with `moveClockMs` each SIGUSR2 moves its clock so far. */
export function startProgram(
  args: readonly string[],
  place: Place,
  moveClockMs?: number,
  user?: User,
): Program {
  const { dataDir, cacheDir, endpoint } = place;
  const preload = moveClockMs === undefined ? [] : ['--import', MOVED_CLOCK];
  const folders = ['--data-dir', dataDir, '--cache-dir', cacheDir, '--endpoint', endpoint];
  const child = spawn(process.execPath, [...preload, CLI, '--json', ...folders, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
    env: { PATH: process.env.PATH ?? '', HOME: dataDir, MOVE_CLOCK_MS: String(moveClockMs ?? 0) },
  });
  const events: EngineEvent[] = [];
  const waiting = new Set<(event: EngineEvent | null) => void>();
  const tell = (event: EngineEvent | null) => {
    for (const look of waiting) look(event);
  };
  let stderr = '';
  let problem = '';
  child.stderr.on('data', (text) => {
    stderr += String(text);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('{') || !line.endsWith('}')) return; // A killed program may leave half a line.
    const event = JSON.parse(line) as EngineEvent;
    problem = problemIn(event) ?? problem;
    events.push(event);
    tell(event);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, events, stderr, problem });
      tell(null);
    });
  });
  return {
    ended,
    signal: (name) => void child.kill(name),
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = (event: EngineEvent | null) => {
          if (event === null) reject(new Error(`It ended before: ${stderr.slice(0, 500)}`));
          else if (fits(event)) resolve(event);
        };
        const known = events.find(fits);
        if (known) resolve(known);
        else waiting.add(look);
      }),
  };
}

/** The last line of a program that failed is `{"error": {"code": …, "message": …}}`. */
function problemIn(line: object): string | null {
  const { error } = line as { readonly error?: { readonly code?: unknown; readonly message?: unknown } };
  return error ? `${error.code}: ${error.message}` : null;
}
