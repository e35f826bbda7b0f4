import type { Installation } from '../installation.ts';
import { run } from '../run.ts';
import type { FakeEngine } from './fake-engine.ts';
import type { FakeIo } from './fake-io.ts';

const INSTALLATION: Installation = {
  version: '1.2.3',
  catalogFile: '/app/resources/catalog.json',
  hashWorkerUrl: new URL('file:///app/out/engine/hash-worker.js'),
  unitWorkerUrl: new URL('file:///app/out/engine/unit-worker.js'),
  listingWorkerUrl: new URL('file:///app/out/engine/listing-worker.js'),
};

/** Runs a command line against a fake engine. Arguments with spaces are given as an array. */
export function runCli(line: string | readonly string[], engine: FakeEngine, io: FakeIo): Promise<number> {
  const argv = typeof line === 'string' ? line.split(' ') : line;
  return run(argv, { io, installation: INSTALLATION, connect: engine.connect });
}
