import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { TestApp } from './app.ts';

const CLI = fileURLToPath(new URL('../../out/cli/index.js', import.meta.url));

/** A line of `--json`. */
export type Line = Readonly<Record<string, unknown>>;

/** A terminal next to the app, with the same settings. */
export function terminal(app: TestApp, ...args: readonly string[]) {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: app.root,
      HF_HOME: `${app.root}/hf`,
      HF_ENDPOINT: app.hub.url,
      HAULYARD_DATA_DIR: app.dataDir,
      HAULYARD_CATALOG: `${app.root}/catalog.json`,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => {
    stdout += String(part);
  });
  child.stderr.on('data', (part) => {
    stderr += String(part);
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = (): readonly Line[] =>
    stdout
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line): Line => JSON.parse(line));
  return {
    child,
    ended,
    lines,
    stderr: () => stderr,
    last: (event: string) => lines().findLast((line) => line.event === event),
    /** Waits for a line that fits, past or future. */
    sees: (fits: (line: Line) => boolean) =>
      expect.poll(() => lines().some(fits), { timeout: 20_000, interval: 50 }).toBe(true),
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}
