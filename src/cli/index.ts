#!/usr/bin/env node
// Starts the command line on Node 24 or newer, whichever Node runs this file. Nothing in this file may need more than
// Node 14: no import of the program itself before the version is known to be right.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_NEEDED = 24;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Returns the Node that the project installed (npm package `node`), searching from this file upward. */
function findNode(): string | null {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const candidate of [
      join(folder, 'node_modules', '.bin', name),
      join(folder, 'node_modules', 'node', 'bin', name),
    ]) {
      if (existsSync(candidate)) return candidate;
    }
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}

/**
 * Runs this file again under `node`. The child ends when the channel to this process closes, so it never outlives it.
 */
function relaunch(node: string): void {
  const child = spawn(node, process.argv.slice(1), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, HAULYARD_LAUNCHER: '1' },
  });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`haulyard: ${node} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code);
    // Ends as the child did, so that a shell sees the same cause.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function start(): Promise<void> {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url);
  const program = (await import(/* @vite-ignore */ entry.href)) as typeof import('./main.ts');
  await program.main();
}

if (Number.parseInt(process.versions.node, 10) >= NODE_NEEDED) {
  await start();
} else {
  const node = process.env.HAULYARD_LAUNCHER === '1' ? null : findNode();
  if (node === null) {
    process.stderr.write(
      `haulyard: Node ${NODE_NEEDED} or newer is needed and this is ${process.versions.node}; install it, or run npm install.\n`,
    );
    process.exit(2);
  }
  relaunch(node);
}
