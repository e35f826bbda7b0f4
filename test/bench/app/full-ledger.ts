import { openEngine } from '../../../src/engine/engine.ts';
import type { Hub } from '../../hub/hub.ts';
import { oneFile } from '../../integration/repositories.ts';

const HASH_WORKER = new URL('../../../src/engine/integrity/hash-worker.ts', import.meta.url);
const FILE_BYTES = 200_000;

/** Where {@link fillLedger} writes. */
export interface LedgerPlace {
  readonly root: string;
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly catalogFile: string;
}

/** Downloads that many small models, each separately, so that the ledger has as many downloads. */
export async function fillLedger(hub: Hub, place: LedgerPlace, count: number): Promise<void> {
  const { dataDir, cacheDir, catalogFile, root } = place;
  const engine = await openEngine({
    dataDir,
    cacheDir,
    catalogFile,
    homeDir: root,
    endpoint: hub.url,
    token: null,
    env: {},
    access: 'owner',
    autoStart: false,
    unitWorkerUrl: new URL('../../../src/engine/jobs/quantize/threads/unit-worker.ts', import.meta.url),
    hashWorkerUrl: HASH_WORKER,
    listingWorkerUrl: new URL('../../../src/engine/hub/listing-worker.ts', import.meta.url),
    version: '0.0.0',
    program: 'bench',
    log: () => undefined,
  });
  const left = new Set<string>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  engine.on((event) => {
    if (event.event === 'failed') reject(new Error(event.message));
    if (event.event === 'done' && left.delete(event.download) && left.size === 0) resolve();
  });
  for (let number = 1; number <= count; number += 1) {
    const id = `bench/model-${number}`;
    hub.addRepository(oneFile(FILE_BYTES, id));
    left.add((await engine.call('downloads.add', { reference: id })).id);
  }
  await promise;
  await engine.close();
}
