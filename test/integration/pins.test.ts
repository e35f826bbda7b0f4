import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { repositoryFolder } from '../../src/engine/cache/layout.ts';
import { branchMoves } from '../hub/faults/constructors.ts';
import { openWorld, type World } from './harness.ts';
import { bytesOf, contentRequests, expectRightFiles, sha256 } from './on-disk.ts';
import { oneFile, text, WEIGHTS, weights } from './repositories.ts';

const ID = 'org/pinned';
const REPOSITORY = oneFile(2_500_000, ID);

interface Pin {
  readonly path: string;
  readonly size?: number;
  readonly sha256?: string;
}

async function writeCatalog(world: World, pins: readonly Pin[]): Promise<void> {
  const variant = { id: 'bf16', repo: ID, bytes: 2_500_000, neededBytes: 1, pins };
  const model = { id: 'pinned', name: 'Pinned', summary: 'With pins.', license: 'MIT', variants: [variant] };
  await writeFile(world.catalogFile, JSON.stringify({ version: 1, models: [model] }));
}

const right = async () => sha256(await bytesOf(REPOSITORY.files![0]!));

describe('pins of the catalog', () => {
  it('that the Hub confirms let the download go on', async () => {
    await using world = await openWorld([REPOSITORY]);
    await writeCatalog(world, [{ path: WEIGHTS, size: 2_500_000, sha256: await right() }]);
    const { done } = await (await world.open()).download({ reference: 'pinned' });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });

  it.each<[string, Pin]>([
    ['another size', { path: WEIGHTS, size: 2_500_001 }],
    ['another hash', { path: WEIGHTS, sha256: 'a'.repeat(64) }],
    ['a missing file', { path: 'gone.safetensors', size: 1 }],
  ])('that the Hub contradicts by %s stop it, with nothing on disk', async (_, pin) => {
    await using world = await openWorld([REPOSITORY]);
    await writeCatalog(world, [pin]);
    const { failed } = await (await world.open()).run({ reference: 'pinned' });
    expect(failed).toMatchObject({ code: 'ChangedUpstream', retryable: false });
    expect(failed!.message).toContain(pin.path);
    expect(contentRequests(world.hub)).toEqual([]);
    expect(await blobs(world)).toEqual([]);
  });

  it('are overruled by acceptChanged', async () => {
    await using world = await openWorld([REPOSITORY]);
    await writeCatalog(world, [{ path: WEIGHTS, sha256: 'a'.repeat(64) }]);
    const { done } = await (await world.open()).download({ reference: 'pinned', acceptChanged: true });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });

  it('are overruled when a stopped download is resumed with a yes', async () => {
    await using world = await openWorld([REPOSITORY]);
    await writeCatalog(world, [{ path: WEIGHTS, sha256: 'a'.repeat(64) }]);
    const engine = await world.open();
    const { id } = await engine.run({ reference: 'pinned' });
    const since = engine.mark();
    await engine.call('downloads.resume', { id, acceptChanged: true });
    await expectRightFiles((await engine.ended(id, { since })).done!.snapshot, REPOSITORY.files!);
  });
});

async function blobs(world: World): Promise<string[]> {
  const folder = `${repositoryFolder(world.cacheDir, ID)}/blobs`;
  return existsSync(folder) ? readdir(folder) : [];
}

describe('a branch that moves', () => {
  const commits = ['a', 'b'].map((name) => ({
    id: name.repeat(40),
    files: [text('config.json', `${name}\n`), weights(WEIGHTS, 3_000_000, name)],
  }));
  const MOVING = { id: 'org/moving', commits, branches: { main: commits[0]!.id } };

  it('between resolving and fetching changes nothing: every file is of the pinned commit', async () => {
    await using world = await openWorld([MOVING]);
    const move = { match: { file: WEIGHTS }, ...branchMoves(MOVING.id, 'main', commits[1]!.id) };
    const moved = world.hub.faults.add(move);
    const { done } = await (await world.open()).download({ reference: MOVING.id });
    expect(moved.fired).toBe(1);
    await expectRightFiles(done.snapshot, commits[0]!.files);
  });

  it('while the engine was closed changes nothing either', async () => {
    await using world = await openWorld([MOVING], { conditions: { totalBytesPerSecond: 2_000_000 } });
    const first = await world.open();
    const id = await first.add({ reference: MOVING.id });
    await first.waitFor('progress', ({ receivedBytes }) => receivedBytes > 1_000_000);
    await first.close();
    world.hub.setBranch(MOVING.id, 'main', commits[1]!.id);
    const second = await world.open({ autoStart: true });
    const { done } = await second.ended(id);
    await expectRightFiles(done!.snapshot, commits[0]!.files);
  });

  it('is followed by the next download', async () => {
    await using world = await openWorld([MOVING]);
    const engine = await world.open();
    await engine.download({ reference: MOVING.id });
    world.hub.setBranch(MOVING.id, 'main', commits[1]!.id);
    const { done } = await engine.download({ reference: MOVING.id });
    await expectRightFiles(done.snapshot, commits[1]!.files);
  });
});
