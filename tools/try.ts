import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ALL_REPOSITORIES } from '../test/hub/fixtures/all.ts';
import { startHub } from '../test/hub/hub.ts';

/**
 * Shows the main job without internet: starts a local Hub, downloads a model from it into a temporary folder with the built
 * command line, and tidies up. `npm run try -- [REF] [--bytes-per-second N] [--drop-every SECONDS]`.
 */
const CLI = fileURLToPath(new URL('../out/cli/index.js', import.meta.url));
const CATALOG = fileURLToPath(new URL('../test/hub/demo-catalog.json', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'bytes-per-second': { type: 'string', default: '120000000' }, 'drop-every': { type: 'string' } },
});
const dropEvery = values['drop-every'];
const root = await mkdtemp(join(tmpdir(), 'haulyard-try-'));
const hub = await startHub({
  repositories: ALL_REPOSITORIES,
  conditions: {
    totalBytesPerSecond: Number(values['bytes-per-second']),
    ...(dropEvery === undefined ? {} : { drops: { everySeconds: Number(dropEvery), probability: 1 } }),
  },
});
try {
  process.exitCode = await download(positionals[0] ?? 'parakeet');
} finally {
  await hub.close();
  await rm(root, { recursive: true, force: true });
}

function download(reference: string): Promise<number> {
  const places = ['--data-dir', join(root, 'data'), '--cache-dir', join(root, 'hub')];
  const args = ['download', reference, '--endpoint', hub.url, '--catalog', CATALOG, ...places];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: 'inherit' });
  // Ctrl-C reaches both: the command line stops in order, and then this program tidies up.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
