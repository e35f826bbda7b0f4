import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIB, ofKind, openWorld, type World } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { contentRequests, expectRightFiles, flipByte, partialOf, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const SIZE = 5 * MIB + 321;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
const SAFE = 3 * MIB + HALF_CHUNK;

/** Goes on with a new engine; returns how it ended and how much had to be fetched. */
async function goOn(world: World) {
  const since = world.hub.requests.length;
  const ended = await (await world.open()).run({ reference, workers: 1 });
  const starts = contentRequests(world.hub, since).map(({ range }) => range!.start);
  return { ...ended, starts, servedBytes: servedBytes(world.hub, since) };
}

describe('an interrupted download', () => {
  it('resumes after the last byte, and reports what was rescued', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    const { done, events, starts, servedBytes } = await goOn(world);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(starts).toEqual([SAFE, 4 * MIB, 5 * MIB]);
    expect(servedBytes).toBe(SIZE - SAFE);
    expect(ofKind(events, 'rescued')).toMatchObject([{ bytes: SAFE, chunks: 3, source: 'ledger' }]);
  });

  it('whose finished chunk was damaged on disk fetches that chunk alone', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await flipByte(await partialOf(world, REPOSITORY), MIB + 17);
    const { done, events, starts, servedBytes } = await goOn(world);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'repaired')).toMatchObject([{ chunk: 1, bytes: MIB }]);
    expect([...starts].sort((a, b) => a - b)).toEqual([MIB, SAFE, 4 * MIB, 5 * MIB]);
    expect(servedBytes).toBe(SIZE - SAFE + MIB);
  });

  it('whose unfinished chunk was damaged on disk fetches one block of it again', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await flipByte(await partialOf(world, REPOSITORY), 3 * MIB + 17);
    const { done, events, servedBytes } = await goOn(world);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'repaired')).toMatchObject([{ chunk: 3 }]);
    expect(servedBytes).toBe(SIZE - SAFE + HALF_CHUNK);
  });

  it('whose partial was truncated fetches what is missing', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await truncate(await partialOf(world, REPOSITORY), MIB + 1000);
    const { done, servedBytes } = await goOn(world);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes).toBe(SIZE - MIB - 1000);
  });

  it('whose partial was made longer drops what does not belong to it', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await writeFile(await partialOf(world, REPOSITORY), Buffer.alloc(MIB, 7), { flag: 'a' });
    const { done, servedBytes } = await goOn(world);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes).toBe(SIZE - SAFE);
  });

  it('whose partial was filled with zeros is fetched again', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await writeFile(await partialOf(world, REPOSITORY), Buffer.alloc(SIZE));
    const { done, servedBytes } = await goOn(world);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes).toBeLessThanOrEqual(SIZE + 2 * MIB);
  });

  it('whose partial was deleted starts over', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await rm(await partialOf(world, REPOSITORY));
    const { done, servedBytes } = await goOn(world);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes).toBe(SIZE);
  });

  it('whose whole cache was deleted starts over', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await rm(world.cacheDir, { recursive: true });
    const { done } = await goOn(world);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
  });

  it('with a folder in place of its partial stops with a reason and touches nothing', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    const partial = await partialOf(world, REPOSITORY);
    await rm(partial);
    await mkdir(join(partial, 'inside'), { recursive: true });
    const { failed } = await goOn(world);
    expect(failed).toMatchObject({ code: 'DiskPermission' });
    expect(failed!.message).toContain(partial);
    expect(existsSync(join(partial, 'inside'))).toBe(true);
  });

  it('with a link in place of its partial writes nothing through it', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    const partial = await partialOf(world, REPOSITORY);
    const victim = join(world.root, 'victim');
    await rm(partial);
    await symlink(victim, partial);
    expect((await goOn(world)).failed).toMatchObject({ code: 'DiskPermission' });
    expect(existsSync(victim)).toBe(false);
  });
});

describe('a running download', () => {
  it('whose partial is deleted by somebody else begins that file again', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 2_000_000 } });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await engine.waitFor('progress', ({ chunksDone }) => chunksDone >= 1);
    await rm(await partialOf(world, REPOSITORY));
    world.hub.conditions.set({ totalBytesPerSecond: null });
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
  });
});
