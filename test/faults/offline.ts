import { cp, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFolder } from '../../src/engine/cache/layout.ts';
import type { EngineOptions } from '../../src/engine/engine.ts';
import * as fault from '../hub/faults/constructors.ts';
import { openWorld, type TestEngine, type World } from '../integration/harness.ts';
import { flipByte, servedBytes } from '../integration/on-disk.ts';
import { oneFile, text, WEIGHTS, weights } from '../integration/repositories.ts';
import { canMount, mountVolume } from '../integration/volume.ts';
import { FOREVER, LONGEST_MS, MIB, REPOSITORY, requireRight } from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

const reference = REPOSITORY.id;
const NO_HUB = 'http://127.0.0.1:9';
/** Of the smallest volume: no room for the file, ever. */
const SMALL_VOLUME = 4 * MIB;

const row = (
  name: string,
  run: (world: Brought) => Promise<Partial<Finding>>,
  cannotRun?: () => string | null,
) => ({
  area: 'Offline and shared caches' as const,
  fault: name,
  mayCostBytes: 0,
  run: () => withModel(run),
  ...(cannotRun ? { cannotRun } : {}),
});
const needsMount = () => (canMount() ? null : 'needs the right to mount a volume');

/** A world whose cache has the model. */
interface Brought extends World {
  readonly snapshot: string;
  /** Bytes of content that were served until then. */
  readonly before: number;
}

/** Caches with a model in them, and nobody to ask; and a check that has to find out what is right. */
export const OFFLINE: readonly FaultScenario[] = [
  row('the model is here, and the Hub refuses connections', (world) => ready(world, { endpoint: NO_HUB })),
  row('the same, for a program that knows nothing of it', (world) =>
    ready(world, { endpoint: NO_HUB, dataDir: join(world.root, 'other') }),
  ),
  row('links of the snapshot replaced by the files themselves', async (world) => {
    await dereference(world);
    return ready(world, { dataDir: join(world.root, 'other') });
  }),
  row(
    'the model is here, on a volume that can only be read',
    async (world) => {
      using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
      const cacheDir = join(volume.path, 'hub');
      await cp(world.cacheDir, cacheDir, { recursive: true, verbatimSymlinks: true });
      volume.makeReadOnly();
      const engine = await world.open({ cacheDir, dataDir: join(world.root, 'other') });
      return await endsReady(engine);
    },
    needsMount,
  ),
  row(
    'a volume that can never hold the files',
    async (world) => {
      using volume = mountVolume(join(world.root, 'volume'), SMALL_VOLUME);
      const engine = await world.open({
        cacheDir: join(volume.path, 'hub'),
        dataDir: join(world.root, 'other'),
      });
      const { failed } = await engine.run({ reference });
      if (failed?.code !== 'DiskFull') throw new Error(`It ended with ${failed?.code}.`);
      return { messages: messagesOf(engine.events), outcome: 'stops at once, before anything is fetched' };
    },
    needsMount,
  ),
  row('the cache folder is a link to a disk that is not there, for a while', async (world) => {
    const disk = join(world.root, 'disk');
    await symlink(disk, join(world.root, 'link'));
    const cacheDir = join(world.root, 'link', 'hub');
    const engine = await world.open({ cacheDir, dataDir: join(world.root, 'other') });
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    await mkdir(disk);
    await cp(world.cacheDir, cacheDir, { recursive: true, verbatimSymlinks: true });
    const { done } = await engine.ended(id, { timeoutMs: LONGEST_MS });
    if (!done) throw new Error('It did not become ready.');
    await requireRight(done.snapshot, REPOSITORY);
    return { messages: messagesOf(engine.events), outcome: 'waits, continues by itself; right file' };
  }),
  row('a finished model asked for again without an answer, then deleted: verify', async (world) => {
    const engine = await world.open({ endpoint: NO_HUB });
    await endsReady(engine);
    await rm(join(world.snapshot, WEIGHTS));
    const { ok, files } = await engine.call('library.verify', { reference });
    if (ok !== false) throw new Error(`It says ok: ${ok} of ${files.length} files.`);
    return { messages: [`verify: ${files[0]?.path} is missing`], outcome: 'found' };
  }),
  row('a file whose hash nobody here knows, with one wrong byte: verify', async (world) => {
    await dereference(world);
    await flipByte(join(world.snapshot, WEIGHTS), 9);
    const engine = await world.open({ dataDir: join(world.root, 'other') });
    const { ok, files } = await engine.call('library.verify', { reference });
    if (ok !== false) throw new Error(`It says ok: ${ok}.`);
    return {
      messages: [`verify: ${files[0]?.path} is damaged`],
      outcome: 'the Hub is asked for the hash; found',
    };
  }),
  row('the same without a network: verify', async (world) => {
    await dereference(world);
    const engine = await world.open({ endpoint: NO_HUB, dataDir: join(world.root, 'other') });
    const { ok } = await engine.call('library.verify', { reference });
    if (ok !== null) throw new Error(`It says ok: ${ok}.`);
    return { messages: ['verify: not checked'], outcome: 'says that it could not be checked' };
  }),
  {
    area: 'Offline and shared caches',
    fault: 'a list of files that lacks a shard which the index names',
    mayCostBytes: 0,
    run: cutList,
  },
];

async function withModel(run: (world: Brought) => Promise<Partial<Finding>>): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  const engine = await world.open();
  const { done } = await engine.download({ reference });
  await engine.close();
  const before = servedBytes(world.hub);
  const finding = await run(Object.assign(world, { snapshot: done.snapshot, before }));
  const againBytes = servedBytes(world.hub) - before;
  return { messages: [], recoverMs: null, outcome: 'ready at once; right file', againBytes, ...finding };
}

async function ready(world: Brought, options: Partial<EngineOptions>): Promise<Partial<Finding>> {
  return endsReady(await world.open(options));
}

async function endsReady(engine: TestEngine): Promise<Partial<Finding>> {
  const { done, failed } = await engine.run({ reference }, { timeoutMs: LONGEST_MS });
  if (!done) throw new Error(`It stopped: ${failed?.code} ${failed?.message}`);
  await requireRight(done.snapshot, REPOSITORY);
  return { messages: messagesOf(engine.events) };
}

/** As `cp -rL` leaves a snapshot, and volumes without links. */
async function dereference({ snapshot, cacheDir }: Brought): Promise<void> {
  const copy = `${snapshot}-copy`;
  await cp(snapshot, copy, { recursive: true, dereference: true });
  await rm(snapshot, { recursive: true });
  await rename(copy, snapshot);
  await rm(join(repositoryFolder(cacheDir, reference), 'blobs'), { recursive: true });
}

/** The paged tree has what the list lacks. */
async function cutList(): Promise<Finding> {
  const names = ['a.safetensors', 'b.safetensors'];
  const index = JSON.stringify({ weight_map: { one: names[0], two: names[1] } });
  const files = [text('model.safetensors.index.json', index), ...names.map((name) => weights(name, MIB))];
  const cut = { ...oneFile(MIB, 'org/cut'), files };
  await using world = await openWorld([cut]);
  const listed = await (await fetch(`${world.hub.url}/api/models/${cut.id}?blobs=true`)).json();
  const siblings = listed.siblings.filter(({ rfilename }: { rfilename: string }) => rfilename !== names[1]);
  const answer = fault.answerWith(200, JSON.stringify({ ...listed, siblings }));
  world.hub.faults.add({ match: { path: /\/revision\// }, times: FOREVER, ...answer });
  const engine = await world.open();
  const { done } = await engine.download({ reference: cut.id });
  await requireRight(done.snapshot, cut);
  return {
    messages: messagesOf(engine.events),
    againBytes: 0,
    recoverMs: null,
    outcome: 'the tree is asked; right files',
  };
}
