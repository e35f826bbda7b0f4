import { join } from 'node:path';
import { type Engine, openEngine } from '../../../src/engine/engine.ts';

/**
 * Several downloads at once in one engine; the command line runs one. Arguments: Hub, folder, catalog, repositories.
 * Ends with 1 when a download fails.
 */
const [hubUrl = '', folder = '', catalogFile = '', ...repos] = process.argv.slice(2);
const engine = await openEngine({
  dataDir: join(folder, 'data'),
  cacheDir: join(folder, 'hub'),
  homeDir: folder,
  endpoint: hubUrl,
  catalogFile,
  token: null,
  env: {},
  access: 'owner',
  autoStart: false,
  unitWorkerUrl: new URL('../../../src/engine/jobs/quantize/threads/unit-worker.ts', import.meta.url),
  hashWorkerUrl: new URL('../../../src/engine/integrity/hash-worker.ts', import.meta.url),
  listingWorkerUrl: new URL('../../../src/engine/hub/listing-worker.ts', import.meta.url),
  version: '0',
  program: 'the benchmark',
  log: () => undefined,
});
await engine.call('settings.set', { atOnce: Math.min(16, Math.max(1, repos.length)) });
const ended = allEnded(engine, repos.length);
for (const reference of repos) await engine.call('downloads.add', { reference, profile: 'auto' });
await ended;
await engine.close();

function allEnded(running: Engine, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = count;
    running.on((event) => {
      if (event.event === 'failed') reject(new Error(event.message));
      if (event.event !== 'done') return;
      left -= 1;
      if (left === 0) resolve();
    });
  });
}
