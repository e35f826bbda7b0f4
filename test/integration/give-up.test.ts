import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MIB, openWorld } from './harness.ts';
import { expectRightFiles } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const GIVE_UP_MS = 2500;
const REPOSITORIES = ['org/one', 'org/same'].map((id) => oneFile(3 * MIB, id, 'the same content'));

describe('--give-up-after', () => {
  it('does not end the hashing of a copy that is on disk already, however slow that is', async () => {
    await using world = await openWorld(REPOSITORIES);
    const before = await world.open();
    await before.download({ reference: 'org/one' });
    await before.close();
    const slow = join(world.root, 'slow-hash-worker.ts');
    const real = new URL('../../src/engine/integrity/hash-worker.ts', import.meta.url);
    await writeFile(
      slow,
      `import { parentPort } from 'node:worker_threads';
      const never = new Int32Array(new SharedArrayBuffer(4));
      parentPort.on('message', ({ request }) => request.op === 'feed' && Atomics.wait(never, 0, 0, ${2 * GIVE_UP_MS}));
      await import(${JSON.stringify(real.href)});`,
    );
    // A ledger that knows of no check.
    const dataDir = join(world.root, 'other-data');
    const hashWorkerUrl = pathToFileURL(slow);
    const engine = await world.open({ dataDir, giveUpAfterMs: GIVE_UP_MS, hashWorkerUrl });
    const { done } = await engine.download({ reference: 'org/same' });
    await expectRightFiles(done.snapshot, REPOSITORIES[1]!.files!);
    expect(done.stats.downloadedBytes).toBe(0);
  });
});
