import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorOf, MIB, ofKind, openWorld, type World } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { bytesOf, expectRightFiles, flipByte, onlyFile, partialOf, servedBytes, sha256 } from './on-disk.ts';
import { oneFile, WEIGHTS } from './repositories.ts';

const SIZE = 6 * MIB + 321;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
const right = await bytesOf(onlyFile(REPOSITORY));
/** What {@link interrupt} leaves with two chunks done. */
const OURS = 2 * MIB + HALF_CHUNK;
const THEIRS = 4 * MIB + 70_000;

async function leave(world: World, name = `${WEIGHTS}.crdownload`, bytes = right.subarray(0, THEIRS)) {
  const path = join(world.root, name);
  await writeFile(path, bytes);
  return path;
}

/** A download that was broken off, in a new engine that does not run it. */
async function brokenOff() {
  const world = await openWorld([REPOSITORY]);
  const id = await interrupt(world, REPOSITORY, 2);
  const engine = await world.open();
  return { world, id, engine, since: world.hub.requests.length };
}

describe('a partial that is dropped on a download', () => {
  it('fills gaps; the rest is fetched, and the partial stays as it was', async () => {
    const { world, id, engine, since } = await brokenOff();
    await using _ = world;
    const partial = await leave(world);
    expect(await engine.call('downloads.adopt', { id, partial })).toEqual({
      file: WEIGHTS,
      adoptedBytes: THEIRS - OURS,
    });
    expect((await engine.view(id)).receivedBytes).toBe(THEIRS);
    expect(ofKind(engine.events, 'rescued')).toMatchObject([
      { path: WEIGHTS, bytes: THEIRS - OURS, chunks: 2, source: 'partial' },
    ]);
    await engine.call('downloads.resume', { id });
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(SIZE - THEIRS);
    // What was adopted; what it had fetched itself before is not reused.
    expect(done!.stats).toMatchObject({ rescuedBytes: THEIRS - OURS, wastedBytes: 0 });
    expect(done!.stats.downloadedBytes).toBe(SIZE - done!.stats.rescuedBytes);
    expect((await readFile(partial)).equals(right.subarray(0, THEIRS))).toBe(true);
  });

  it('is safe before the answer comes: another engine goes on from there', async () => {
    const { world, id, engine, since } = await brokenOff();
    await using _ = world;
    const partial = await leave(world);
    await engine.call('downloads.adopt', { id, partial });
    await engine.close();
    await rm(partial);
    const { done } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    // What was on its way when the first engine was closed comes once more.
    expect(servedBytes(world.hub, since)).toBeLessThan(SIZE - THEIRS + MIB);
  });

  it('never replaces bytes that are on disk', async () => {
    const { world, id, engine, since } = await brokenOff();
    await using _ = world;
    const wrong = Buffer.concat([Buffer.alloc(OURS, 'x'), right.subarray(OURS, THEIRS)]);
    const partial = await leave(world, WEIGHTS, wrong);
    await engine.call('downloads.adopt', { id, partial });
    const { done, events } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'repaired')).toEqual([]);
    expect(servedBytes(world.hub, since)).toBe(SIZE - THEIRS);
  });

  it('that is damaged costs the damaged chunk, which is found and fetched again', async () => {
    const { world, id, engine } = await brokenOff();
    await using _ = world;
    const partial = await leave(world);
    await flipByte(partial, 3 * MIB + 5);
    await engine.call('downloads.adopt', { id, partial });
    const { done, events } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'repaired')).toMatchObject([{ chunk: 3 }]);
  });

  it('with holes yields only what was written into it', async () => {
    const { world, id, engine, since } = await brokenOff();
    await using _ = world;
    const sparse = Buffer.alloc(SIZE);
    right.copy(sparse, 3 * MIB, 3 * MIB, 4 * MIB);
    right.copy(sparse, 5 * MIB, 5 * MIB, SIZE);
    const partial = await leave(world, `${sha256(right)}.incomplete`, sparse);
    const { adoptedBytes } = await engine.call('downloads.adopt', { id, partial });
    expect(adoptedBytes).toBe(SIZE - 4 * MIB);
    const { done } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(SIZE - OURS - adoptedBytes);
  });

  it('while it runs pauses it for a moment, and resumes', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 1_000_000 } });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 0);
    const partial = await leave(world);
    const { adoptedBytes } = await engine.call('downloads.adopt', { id, partial });
    expect(adoptedBytes).toBeGreaterThan(2 * MIB);
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub)).toBeLessThan(SIZE - adoptedBytes + MIB);
  });

  it('leaves a paused download paused', async () => {
    const { world, id, engine, since } = await brokenOff();
    await using _ = world;
    await engine.call('downloads.pause', { id });
    await engine.call('downloads.adopt', { id, partial: await leave(world) });
    expect(await engine.view(id)).toMatchObject({ state: 'paused', receivedBytes: THEIRS });
    expect(world.hub.requests.length).toBe(since);
  });

  it('is left when the download is cancelled meanwhile, and other downloads go on', async () => {
    const other = oneFile(3 * MIB, 'org/other');
    await using world = await openWorld([REPOSITORY, other], {
      conditions: { totalBytesPerSecond: 2_000_000 },
    });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    const second = await engine.add({ reference: other.id, workers: 1 });
    await engine.waitFor('progress', ({ download, receivedBytes }) => download === id && receivedBytes > 0);
    const partial = await leave(world);
    // It may have been taken over just before.
    const adopted = Promise.allSettled([engine.call('downloads.adopt', { id, partial })]);
    await engine.call('downloads.cancel', { id });
    await adopted;
    const { done } = await engine.ended(second);
    await expectRightFiles(done!.snapshot, other.files!);
  });

  it('is adopted even when nothing is on disk yet', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 100_000 } });
    const first = await world.open();
    const id = await first.add({ reference, workers: 1 });
    await first.waitFor('resolved');
    await first.call('downloads.pause', { id });
    const here = (await first.view(id)).receivedBytes;
    const { adoptedBytes } = await first.call('downloads.adopt', { id, partial: await leave(world) });
    expect(adoptedBytes).toBe(THEIRS - here);
  });
});

describe('a partial that cannot be used is rejected, and nothing changes:', () => {
  const refused = async (make: (world: World) => Promise<string>, file?: string) => {
    const { world, id, engine } = await brokenOff();
    await using _ = world;
    const before = (await engine.view(id)).receivedBytes;
    const partial = await make(world);
    const error = await errorOf(engine.call('downloads.adopt', { id, partial, ...(file ? { file } : {}) }));
    expect(error.code).toBe('BadRequest');
    expect((await engine.view(id)).receivedBytes).toBe(before);
    return error.message;
  };

  it('larger than the file', async () => {
    expect(await refused((world) => leave(world, WEIGHTS, Buffer.alloc(SIZE + 1)))).toContain(
      'part of another file',
    );
  });

  it('not there', async () => {
    expect(await refused(async (world) => join(world.root, 'gone'))).toContain('does not exist');
  });

  it('a folder', async () => {
    const make = async (world: World) => {
      const path = join(world.root, 'model.download');
      await mkdir(path);
      return path;
    };
    expect(await refused(make)).toContain('Choose the file in it');
  });

  it('empty', async () => {
    expect(await refused((world) => leave(world, 'empty', Buffer.alloc(0)))).toContain('is empty');
  });

  it('a relative path', async () => {
    expect(await refused(async () => 'model.part')).toContain('not an absolute path');
  });

  it('our own partial, also by another name', async () => {
    expect(await refused((world) => partialOf(world, REPOSITORY))).toContain('Haulyard itself');
    const linked = async (world: World) => {
      const path = join(world.root, 'innocent');
      await symlink(await partialOf(world, REPOSITORY), path);
      return path;
    };
    expect(await refused(linked)).toContain('this download’s own unfinished file');
  });

  it('for a file that the download does not have', async () => {
    expect(await refused((world) => leave(world), 'other.bin')).toContain(WEIGHTS);
  });

  it('for a download that is finished', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { id } = await engine.download({ reference });
    const error = await errorOf(engine.call('downloads.adopt', { id, partial: await leave(world) }));
    expect(error).toMatchObject({ code: 'BadRequest', message: expect.stringContaining('finished') });
  });
});

describe('--from for a download of which a part is here', () => {
  it('adds what is missing, once', async () => {
    const { world, engine, since } = await brokenOff();
    await using _ = world;
    const partial = await leave(world);
    const { done, events, id } = await engine.download({ reference, from: { [WEIGHTS]: partial } });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(SIZE - THEIRS);
    expect(ofKind(events, 'rescued')).toMatchObject([
      { bytes: OURS, source: 'ledger' },
      { bytes: THEIRS - OURS, source: 'partial' },
    ]);
    expect((await stat(partial)).size).toBe(THEIRS);
    expect((await engine.view(id)).state).toBe('ready');
  });

  it('is not needed any more once its bytes are safe', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 500_000 } });
    const partial = await leave(world);
    const first = await world.open();
    await first.add({ reference, from: { [WEIGHTS]: partial } });
    await first.waitFor('progress', ({ receivedBytes }) => receivedBytes > THEIRS);
    await first.close();
    await rm(partial);
    world.hub.conditions.set({ totalBytesPerSecond: null });
    const second = await world.open();
    const [view] = (await second.call('snapshot', {})).downloads;
    await second.call('downloads.resume', { id: view!.id });
    const { done } = await second.ended(view!.id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
  });
});
