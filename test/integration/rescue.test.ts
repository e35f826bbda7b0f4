import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobPath } from '../../src/engine/cache/layout.ts';
import { stallAfterBytes } from '../hub/faults/constructors.ts';
import { MIB, ofKind, openWorld, type World } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { bytesOf, expectRightFiles, flipByte, onlyFile, servedBytes, sha256 } from './on-disk.ts';
import { oneFile, WEIGHTS } from './repositories.ts';

const SIZE = 5 * MIB + 321;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
const PREFIX = 2 * MIB + 70_000;

const right = await bytesOf(onlyFile(REPOSITORY));
const HASH = sha256(right);

/** Puts the first bytes of the file where another tool would leave them. */
async function leave(path: string, bytes = PREFIX): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, right.subarray(0, bytes));
  return path;
}

const besideBlob = (world: World, suffix: string, repo = reference) =>
  `${blobPath(world.cacheDir, repo, HASH)}${suffix}`;

describe('a partial file of another tool', () => {
  it.each([
    ['huggingface_hub up to 1.17', '.incomplete'],
    ['huggingface_hub from 1.18', '.abcdef12.incomplete'],
  ])('(%s) is taken over: only the rest is fetched', async (_, suffix) => {
    await using world = await openWorld([REPOSITORY]);
    await leave(besideBlob(world, suffix));
    const { done, events } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub)).toBe(SIZE - PREFIX);
    expect(ofKind(events, 'rescued')).toMatchObject([
      { path: WEIGHTS, bytes: PREFIX, chunks: 2, source: 'partial' },
    ]);
    expect(done.stats.rescuedBytes).toBe(PREFIX);
  });

  it('stays as it was', async () => {
    await using world = await openWorld([REPOSITORY]);
    const path = await leave(besideBlob(world, '.incomplete'));
    await (await world.open()).download({ reference });
    expect((await readFile(path)).equals(right.subarray(0, PREFIX))).toBe(true);
  });

  it('that holds most is taken when there are several', async () => {
    await using world = await openWorld([REPOSITORY]);
    await leave(besideBlob(world, '.incomplete'), 500_000);
    await leave(besideBlob(world, '.00000001.incomplete'), 3 * MIB);
    await (await world.open()).download({ reference });
    expect(servedBytes(world.hub)).toBe(SIZE - 3 * MIB);
  });

  it('that is longer than the file is left alone', async () => {
    await using world = await openWorld([REPOSITORY]);
    const path = besideBlob(world, '.incomplete');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.alloc(SIZE + 1));
    const { done } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect((await stat(path)).size).toBe(SIZE + 1);
  });

  it('that is damaged in one place yields its good part: the bad chunk is found and fetched again', async () => {
    await using world = await openWorld([REPOSITORY]);
    await flipByte(await leave(besideBlob(world, '.incomplete')), MIB + 3);
    const { done, events } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'repaired')).toMatchObject([{ chunk: 1 }]);
  });

  it('that is something else altogether does no harm', async () => {
    await using world = await openWorld([REPOSITORY]);
    const path = besideBlob(world, '.incomplete');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.alloc(PREFIX, 'nonsense'));
    const { done } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });
});

describe('a partial file that the user names', () => {
  it('is taken over', async () => {
    await using world = await openWorld([REPOSITORY]);
    const path = await leave(join(world.root, 'model.safetensors.crdownload'));
    const { done, events } = await (await world.open()).download({ reference, from: { [WEIGHTS]: path } });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub)).toBe(SIZE - PREFIX);
    expect(ofKind(events, 'rescued')).toMatchObject([{ bytes: PREFIX, source: 'partial' }]);
    expect((await stat(path)).size).toBe(PREFIX);
  });

  it('and that is the whole file is checked and nothing is fetched', async () => {
    await using world = await openWorld([REPOSITORY]);
    const path = await leave(join(world.root, 'whole'), SIZE);
    const { done } = await (await world.open()).download({ reference, from: { [WEIGHTS]: path } });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub)).toBe(0);
  });

  it('and that is larger than the file is refused by its name', async () => {
    await using world = await openWorld([REPOSITORY]);
    const path = join(world.root, 'too-large');
    await writeFile(path, Buffer.alloc(SIZE + 1));
    const { failed } = await (await world.open()).run({ reference, from: { [WEIGHTS]: path } });
    expect(failed).toMatchObject({ code: 'BadRequest' });
    expect(failed!.message).toContain(path);
    expect((await stat(path)).size).toBe(SIZE + 1);
  });

  it('and that is not there is refused by its name', async () => {
    await using world = await openWorld([REPOSITORY]);
    const path = join(world.root, 'no-such-file');
    const { failed } = await (await world.open()).run({ reference, from: { [WEIGHTS]: path } });
    expect(failed).toMatchObject({ code: 'BadRequest' });
    expect(failed!.message).toContain(path);
  });

  it('does not replace what the ledger has', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    const since = world.hub.requests.length;
    const from = { [WEIGHTS]: await leave(join(world.root, 'less'), 100_000) };
    const { done } = await (await world.open()).download({ reference, from });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(SIZE - 3 * MIB - HALF_CHUNK);
  });
});

describe('a content that another repository in the cache has', () => {
  const TWIN = oneFile(SIZE, 'org/twin', reference);

  it('is taken from there: nothing is fetched', async () => {
    await using world = await openWorld([REPOSITORY, TWIN]);
    const engine = await world.open();
    await engine.download({ reference: TWIN.id });
    const since = world.hub.requests.length;
    const { done, events } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(0);
    expect(ofKind(events, 'rescued')).toMatchObject([{ bytes: SIZE, chunks: 6, source: 'cache' }]);
  });

  it('is left untouched, even when the new one is removed', async () => {
    await using world = await openWorld([REPOSITORY, TWIN]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: TWIN.id });
    await engine.download({ reference });
    await engine.call('library.remove', { reference });
    await expectRightFiles(done.snapshot, TWIN.files!);
  });

  it('is not trusted when it is damaged: it is fetched, and the other one left alone', async () => {
    await using world = await openWorld([REPOSITORY, TWIN]);
    const engine = await world.open();
    const { done: twin } = await engine.download({ reference: TWIN.id });
    await flipByte(twin.files[0]!.blob, MIB);
    const since = world.hub.requests.length;
    const { done } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(SIZE);
    expect(sha256(await readFile(twin.files[0]!.blob))).not.toBe(HASH);
  });

  it('is found in the default cache of Hugging Face as well', async () => {
    await using world = await openWorld([REPOSITORY]);
    const other = join(world.root, '.cache', 'huggingface', 'hub');
    await leave(blobPath(other, 'somebody/else', HASH), SIZE);
    const { done } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub)).toBe(0);
  });
});

describe('two downloads of one content at the same time', () => {
  it('in two repositories share one transfer', async () => {
    const twin = oneFile(SIZE, 'org/twin', reference);
    await using world = await openWorld([REPOSITORY, twin], {
      conditions: { totalBytesPerSecond: 8_000_000 },
    });
    const engine = await world.open();
    const ids = [await engine.add({ reference }), await engine.add({ reference: twin.id })];
    for (const id of ids) {
      await expectRightFiles((await engine.ended(id)).done!.snapshot, REPOSITORY.files!);
    }
    expect(servedBytes(world.hub)).toBe(SIZE);
  });

  it('in two revisions of one repository share one transfer and its partial', async () => {
    const files = REPOSITORY.files!;
    const commits = ['a', 'b'].map((digit) => ({ id: digit.repeat(40), files }));
    const branches = { main: commits[0]!.id, next: commits[1]!.id };
    await using world = await openWorld([{ id: reference, commits, branches }]);
    world.hub.conditions.set({ totalBytesPerSecond: 8_000_000 });
    const engine = await world.open();
    const ids = [await engine.add({ reference }), await engine.add({ reference, revision: 'next' })];
    for (const id of ids) await expectRightFiles((await engine.ended(id)).done!.snapshot, files);
    expect(servedBytes(world.hub)).toBe(SIZE);
  });

  it('of which the first is cancelled go on as one, with the bytes that are there', async () => {
    const files = REPOSITORY.files!;
    const commits = ['a', 'b'].map((digit) => ({ id: digit.repeat(40), files }));
    const branches = { main: commits[0]!.id, next: commits[1]!.id };
    await using world = await openWorld([{ id: reference, commits, branches }]);
    world.hub.faults.add({ match: { origin: 'cdn', rangeStart: 3 * MIB }, ...stallAfterBytes(HALF_CHUNK) });
    const engine = await world.open();
    const first = await engine.add({ reference, workers: 1 });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes >= 3 * MIB + HALF_CHUNK);
    const second = await engine.add({ reference, workers: 1, revision: 'next' });
    await engine.waitFor('resolved', ({ download }) => download === second);
    await engine.call('downloads.cancel', { id: first });
    await expectRightFiles((await engine.ended(second)).done!.snapshot, files);
    expect(servedBytes(world.hub)).toBe(SIZE);
  });
});

describe('a finished blob whose link is gone', () => {
  it('is shown again without fetching', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { done } = await engine.download({ reference });
    await rm(join(done.snapshot, WEIGHTS));
    const since = world.hub.requests.length;
    await expectRightFiles((await engine.download({ reference })).done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(0);
  });
});
