import {
  copyFile,
  mkdir,
  readFile,
  readlink,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobPath, partialPath } from '../../src/engine/cache/layout.ts';
import type { DoneEvent } from '../../src/shared/contract/events.ts';
import * as fault from '../hub/faults/constructors.ts';
import { MIB, ofKind, openWorld, type World } from './harness.ts';
import { bytesOf, expectRightFiles, flipByte, servedBytes, sha256 } from './on-disk.ts';
import { oneFile, text, WEIGHTS, weights } from './repositories.ts';

const SIZE = 5 * MIB + 100;
const CONFIG = text('config.json', '{"a": 1}\n');
const REPOSITORY = { id: 'org/trust', files: [CONFIG, weights(WEIGHTS, SIZE)] };
const reference = REPOSITORY.id;
const [, WEIGHTS_FILE] = REPOSITORY.files;

/** Puts a content into the cache as another tool does, perhaps with one wrong byte. Returns its path. */
async function leaveBlob(world: World, wrongAt: number | null): Promise<string> {
  const bytes = await bytesOf(WEIGHTS_FILE!);
  const path = blobPath(world.cacheDir, reference, sha256(bytes));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  if (wrongAt !== null) await flipByte(path, wrongAt);
  return path;
}

const checksOf = ({ files }: DoneEvent) => Object.fromEntries(files.map(({ path, check }) => [path, check]));

describe('a content that is in the cache already', () => {
  it('is hashed before it is called verified, and not fetched', async () => {
    await using world = await openWorld([REPOSITORY]);
    await leaveBlob(world, null);
    const { done } = await (await world.open()).download({ reference });
    expect(checksOf(done)).toEqual({ 'config.json': 'hashed', [WEIGHTS]: 'hashed' });
    expect(servedBytes(world.hub)).toBe(9);
  });

  it('counts as received and not as verified until it is hashed', async () => {
    await using world = await openWorld([REPOSITORY]);
    await leaveBlob(world, null);
    const { events } = await (await world.open()).download({ reference });
    const begun = ofKind(events, 'progress').find(
      ({ state }) => state === 'downloading' || state === 'verifying',
    );
    expect(begun).toMatchObject({ receivedBytes: SIZE, verifiedBytes: 0 });
    expect(ofKind(events, 'resolved')[0]).toMatchObject({ presentBytes: SIZE });
  });

  it('is repaired when another tool left one wrong byte in it', async () => {
    await using world = await openWorld([REPOSITORY]);
    const blob = await leaveBlob(world, 2 * MIB + 5);
    const { done, events } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files);
    expect(ofKind(events, 'repaired')).toMatchObject([{ path: WEIGHTS, chunk: 2 }]);
    expect(sha256(await readFile(blob))).toBe(sha256(await bytesOf(WEIGHTS_FILE!)));
  });

  it('is repaired when it is a small file of nine bytes', async () => {
    const repository = { id: 'org/small', files: [text('config.json', '{"a": 1}\n')] };
    await using world = await openWorld([repository]);
    const first = await world.open();
    const { done } = await first.download({ reference: repository.id });
    await first.close();
    await flipByte(join(done.snapshot, 'config.json'), 3);
    await rm(world.dataDir, { recursive: true });
    const again = await (await world.open()).download({ reference: repository.id });
    await expectRightFiles(again.done.snapshot, repository.files);
  });

  it('of our own that changed on disk costs one chunk', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { done } = await engine.download({ reference });
    await flipByte(join(done.snapshot, WEIGHTS), 3 * MIB + 7);
    const since = world.hub.requests.length;
    const again = await engine.download({ reference });
    await expectRightFiles(again.done.snapshot, REPOSITORY.files);
    expect(servedBytes(world.hub, since)).toBeLessThanOrEqual(2 * MIB);
    expect(ofKind(again.events, 'repaired')).toMatchObject([{ path: WEIGHTS, chunk: 3 }]);
    expect(checksOf(again.done)).toEqual({ 'config.json': 'recorded', [WEIGHTS]: 'hashed' });
  });

  it('that was changed without a trace in its time of change is hashed again', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { done } = await engine.download({ reference });
    const path = join(done.snapshot, WEIGHTS);
    await utimes(path, new Date(2026, 0, 1), new Date(2026, 0, 1));
    await engine.download({ reference });
    await flipByte(path, 3 * MIB + 7);
    await utimes(path, new Date(2026, 0, 1), new Date(2026, 0, 1));
    const again = await engine.download({ reference });
    await expectRightFiles(again.done.snapshot, REPOSITORY.files);
  });

  it('and was hashed before is reported with the day, and not read again', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const before = Date.now();
    const { id } = await engine.download({ reference });
    const { done, events } = await engine.download({ reference });
    expect(checksOf(done)).toEqual({ 'config.json': 'recorded', [WEIGHTS]: 'recorded' });
    for (const file of done.files) {
      if (file.check !== 'recorded') throw new Error('It must be recorded.');
      expect(Date.parse(file.checkedAt)).toBeGreaterThanOrEqual(before - 1);
    }
    expect(Date.parse((await engine.view(id)).recordedAt!)).toBeGreaterThanOrEqual(before - 1);
    expect(ofKind(events, 'verifying')).toEqual([]);
  });

  it('is not believed when it is a link to any file of the right length', async () => {
    await using world = await openWorld([REPOSITORY]);
    const blob = await leaveBlob(world, null);
    const outside = join(world.root, 'outside');
    await writeFile(outside, Buffer.alloc(SIZE, 7));
    await unlink(blob);
    await symlink(outside, blob);
    const { done } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files);
    expect((await readFile(outside)).equals(Buffer.alloc(SIZE, 7))).toBe(true);
  });

  it('is not called intact by the library once its file changed', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { done } = await engine.download({ reference });
    expect((await engine.call('library.list', {})).models[0]).toMatchObject({ verifiedOk: true });
    await flipByte(join(done.snapshot, WEIGHTS), 7);
    expect((await engine.call('library.list', {})).models[0]).toMatchObject({ verifiedOk: null });
  });
});

describe('a volume without links', () => {
  const twins = {
    id: 'org/twins',
    files: [weights('a.safetensors', MIB, 'same'), weights('b.safetensors', MIB, 'same')],
  };

  it('reports of each copy that it was hashed', async () => {
    await using world = await openWorld([twins]);
    const engine = await world.open({ env: { HF_HUB_DISABLE_SYMLINKS: '1' } });
    const { done } = await engine.download({ reference: twins.id });
    expect(checksOf(done)).toEqual({ 'a.safetensors': 'hashed', 'b.safetensors': 'hashed' });
  });

  it.each(['a.safetensors', 'b.safetensors'])('has its damaged copy %s replaced', async (path) => {
    await using world = await openWorld([twins]);
    const engine = await world.open({ env: { HF_HUB_DISABLE_SYMLINKS: '1' } });
    const { done } = await engine.download({ reference: twins.id });
    await flipByte(join(done.snapshot, path), 5);
    const again = await engine.download({ reference: twins.id });
    await expectRightFiles(again.done.snapshot, twins.files);
  });
});

describe('verify of a snapshot of real files', () => {
  /** A snapshot as `cp -rL` makes it, in a cache that our ledger knows nothing of. */
  async function copied(world: World, wrongAt: number | null) {
    const engine = await world.open({ dataDir: join(world.root, 'other-data') });
    const { done } = await engine.download({ reference });
    await engine.close();
    for (const { path } of REPOSITORY.files) {
      const file = join(done.snapshot, path);
      await copyFile(file, `${file}.copy`);
      await unlink(file);
      await copyFile(`${file}.copy`, file);
      await unlink(`${file}.copy`);
    }
    await rm(dirname(blobPath(world.cacheDir, reference, sha256(Buffer.of()))), { recursive: true });
    if (wrongAt !== null) await flipByte(join(done.snapshot, WEIGHTS), wrongAt);
    return done.snapshot;
  }

  it('asks the Hub for the hashes, and finds one wrong byte', async () => {
    await using world = await openWorld([REPOSITORY]);
    await copied(world, MIB);
    const report = await (await world.open()).call('library.verify', { reference });
    expect(report.ok).toBe(false);
    expect(report.files.map(({ path, ok }) => [path, ok])).toEqual([
      ['config.json', true],
      [WEIGHTS, false],
    ]);
  });

  it('repairs it', async () => {
    await using world = await openWorld([REPOSITORY]);
    const snapshot = await copied(world, MIB);
    const report = await (await world.open()).call('library.verify', { reference, repair: true });
    expect(report.ok).toBe(true);
    await expectRightFiles(snapshot, REPOSITORY.files);
  });

  it('says that it could not be checked when the Hub cannot be asked', async () => {
    await using world = await openWorld([REPOSITORY]);
    await copied(world, MIB);
    const engine = await world.open({ env: { HF_HUB_OFFLINE: '1' } });
    for (const quick of [false, true]) {
      const report = await engine.call('library.verify', { reference, quick });
      expect([report.ok, report.files[0]]).toMatchObject([null, { ok: null, actual: 'not checked' }]);
      expect(report.uncheckedBecause).toContain('HF_HUB_OFFLINE');
    }
    expect((await engine.call('library.list', {})).models[0]).toMatchObject({ verifiedOk: null });
  });

  it('needs no Hub for what was checked with its help before', async () => {
    await using world = await openWorld([REPOSITORY]);
    await copied(world, null);
    const online = await world.open();
    expect((await online.call('library.verify', { reference })).ok).toBe(true);
    expect((await online.call('library.list', {})).models[0]).toMatchObject({ verifiedOk: true });
  });
});

describe('a finished download that is asked for again', () => {
  it('keeps what is known of it when the Hub does not answer', async () => {
    await using world = await openWorld([REPOSITORY]);
    const first = await world.open();
    const { done } = await first.download({ reference });
    await first.close();
    const engine = await world.open({ env: { HF_HUB_OFFLINE: '1' } });
    await engine.run({ reference });
    await unlink(join(done.snapshot, WEIGHTS));
    const report = await engine.call('library.verify', { reference });
    expect(report.files.map(({ path, ok, actual }) => [path, ok, actual])).toEqual([
      ['config.json', true, expect.any(String)],
      [WEIGHTS, false, 'missing'],
    ]);
  });

  it('is resolved again when it failed at the first request before', async () => {
    await using world = await openWorld([REPOSITORY]);
    const first = await world.open();
    await first.download({ reference });
    await first.close();
    const offline = await world.open({ env: { HF_HUB_OFFLINE: '1' } });
    await offline.run({ reference });
    await offline.close();
    const asked = world.hub.requests.length;
    await (await world.open()).download({ reference });
    expect(world.hub.requests.slice(asked).some(({ path }) => path.includes('/revision/'))).toBe(true);
  });
});

describe('numbers', () => {
  it('decrease while damaged chunks are fetched again, and the state is repairing', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { done } = await engine.download({ reference });
    for (const chunk of [0, 2, 3]) await flipByte(join(done.snapshot, WEIGHTS), chunk * MIB + 7);
    world.hub.conditions.set({ totalBytesPerSecond: 1_500_000 });
    const since = engine.mark();
    expect((await engine.call('library.verify', { reference, repair: true })).ok).toBe(true);
    const shown = ofKind(engine.events.slice(since), 'progress');
    const repairing = shown.filter(({ state }) => state === 'repairing');
    expect(repairing.length).toBeGreaterThan(0);
    expect(Math.min(...repairing.map(({ receivedBytes }) => receivedBytes))).toBeLessThan(3 * MIB + 200);
    const total = SIZE + 9;
    expect(shown.filter((event) => event.state === 'downloading' && event.receivedBytes === total)).toEqual(
      [],
    );
  });

  it('fall when another program deletes the partial', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 2_000_000 } });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes >= 2 * MIB);
    const hash = sha256(await bytesOf(WEIGHTS_FILE!));
    const since = engine.mark();
    await rm(partialPath(world.cacheDir, reference, hash));
    await engine.waitFor('resolved', () => true, { since });
    const [again] = ofKind(engine.events.slice(since), 'progress')
      .filter(({ state }) => state === 'resolving')
      .slice(-1);
    expect(again).toMatchObject({ receivedBytes: 9, verifiedBytes: 9 });
    world.hub.conditions.set({ totalBytesPerSecond: null });
    await engine.ended(id, { since });
  });
});

describe('a repository that cannot be loaded', () => {
  const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n';
  const index = (...names: string[]) =>
    JSON.stringify({ weight_map: Object.fromEntries(names.map((name, at) => [`t${at}`, name])) });
  const files = [
    text('model.safetensors.index.json', index('a.safetensors', 'b.safetensors')),
    weights('a.safetensors', MIB),
    text('pointer.bin', POINTER),
    text('small.bin', 'weights'),
  ];

  it('is brought as it is, with a warning that names what is wrong', async () => {
    await using world = await openWorld([{ id: 'org/odd', files }]);
    const { done } = await (await world.open()).download({ reference: 'org/odd' });
    await expectRightFiles(done.snapshot, files);
    expect(done.warnings).toHaveLength(2);
    expect(done.warnings![0]).toContain('pointer.bin');
    expect(done.warnings![1]).toContain('b.safetensors');
  });

  it('because its list was cut is completed from the tree, and comes whole', async () => {
    const whole = [...files.slice(0, 2), weights('b.safetensors', MIB), weights('other.bin', MIB)];
    await using world = await openWorld([{ id: 'org/cut', files: whole }]);
    const listed = await (await fetch(`${world.hub.url}/api/models/org/cut?blobs=true`)).json();
    const siblings = listed.siblings.filter(({ rfilename }: { rfilename: string }) =>
      files.slice(0, 2).some(({ path }) => path === rfilename),
    );
    const cut = fault.answerWith(200, JSON.stringify({ ...listed, siblings }));
    world.hub.faults.add({ match: { path: /\/revision\// }, ...cut });
    const engine = await world.open();
    const { done, events } = await engine.download({ reference: 'org/cut', exclude: ['other.*'] });
    await expectRightFiles(done.snapshot, whole.slice(0, 3));
    expect(done.files).toHaveLength(3);
    expect(done.warnings).toBeUndefined();
    const last = ofKind(events, 'progress').at(-1)!;
    expect([last.state, last.receivedBytes]).toEqual(['ready', last.totalBytes]);
  });

  it('has no warning about what was left out on purpose', async () => {
    await using world = await openWorld([{ id: 'org/odd', files }]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: 'org/odd', exclude: ['b.*', 'pointer.bin'] });
    expect(done.warnings).toBeUndefined();
  });
});

describe('verify of a link to another blob', () => {
  it('compares the file with what its path should be, and not with the name of that blob', async () => {
    const two = {
      id: 'org/two',
      files: [weights('a.safetensors', MIB, 'a'), weights('b.safetensors', MIB, 'b')],
    };
    await using world = await openWorld([two]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: two.id });
    await unlink(join(done.snapshot, 'a.safetensors'));
    await copyLink(join(done.snapshot, 'b.safetensors'), join(done.snapshot, 'a.safetensors'));
    const report = await engine.call('library.verify', { reference: two.id });
    expect(report.files.map(({ ok }) => ok)).toEqual([false, true]);
  });
});

async function copyLink(from: string, to: string): Promise<void> {
  await symlink(await readlink(from), to);
}

describe('a copy in another cache', () => {
  it('that was checked there before is taken over without a second look', async () => {
    const twin = oneFile(SIZE, 'org/twin', 'shared');
    const first = oneFile(SIZE, 'org/first', 'shared');
    await using world = await openWorld([first, twin]);
    const engine = await world.open();
    await engine.download({ reference: first.id });
    const { done, events } = await engine.download({ reference: twin.id });
    await expectRightFiles(done.snapshot, twin.files!);
    expect(ofKind(events, 'rescued')).toMatchObject([{ source: 'cache', bytes: SIZE }]);
  });
});
