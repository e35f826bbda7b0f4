import { existsSync } from 'node:fs';
import { readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryFolder } from '../../src/engine/cache/layout.ts';
import { AppError } from '../../src/shared/contract/errors.ts';
import { errorOf, MIB, ofKind, openWorld, type World } from './harness.ts';
import { interrupt } from './interrupt.ts';
import { contentRequests, expectRightFiles, flipByte, servedBytes } from './on-disk.ts';
import { oneFile, SMALL_PARAKEET, text, WEIGHTS, weights } from './repositories.ts';

const SIZE = 5 * MIB + 321;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;

async function installed(world: World) {
  const engine = await world.open();
  const { done } = await engine.download({ reference });
  return { engine, done, blob: done.files[0]!.blob, since: world.hub.requests.length };
}

describe('the library', () => {
  it('lists what was downloaded, with its size and where it is', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: SMALL_PARAKEET.id });
    const { models, warnings } = await engine.call('library.list', {});
    expect(warnings).toEqual([]);
    expect(models).toMatchObject([
      {
        repo: SMALL_PARAKEET.id,
        bytes: done.files.reduce((sum, { size }) => sum + size, 0),
        files: SMALL_PARAKEET.files!.length,
        complete: true,
        path: done.snapshot,
        refs: ['main'],
      },
    ]);
  });

  it('shows what is there of an unfinished download as a partial', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 2);
    const { partials, models } = await (await world.open()).call('library.list', {});
    expect(models).toEqual([]);
    expect(partials).toMatchObject([{ repo: reference }]);
    expect(partials[0]!.bytes).toBeGreaterThanOrEqual(2 * MIB);
    expect(partials[0]!.bytes).toBeLessThan(4 * MIB);
  });

  it('lists the files of a model with their sizes, and those whose content is gone without one', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: SMALL_PARAKEET.id });
    const [first, ...rest] = done.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    await rm(first!.blob);
    expect(await engine.call('library.files', { reference: SMALL_PARAKEET.id })).toEqual({
      files: [{ path: first!.path, bytes: null }, ...rest.map(({ path, size }) => ({ path, bytes: size }))],
      total: done.files.length,
    });
  });

  it('prints the path of a model, and reports when it is not installed', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, done } = await installed(world);
    expect(await engine.call('library.path', { reference })).toEqual({ path: done.snapshot });
    expect(await errorOf(engine.call('library.path', { reference: 'org/other' }))).toMatchObject({
      code: 'NotFound',
    });
  });
});

describe('the last check of a model', () => {
  const last = async (engine: Awaited<ReturnType<World['open']>>) => {
    const [model] = (await engine.call('library.list', {})).models;
    return { at: model!.verifiedAt, ok: model!.verifiedOk };
  };

  it('is its download while the file is unchanged, then each deep verification, and survives a restart', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, blob } = await installed(world);
    const downloaded = await last(engine);
    expect(downloaded).toEqual({ at: expect.any(String), ok: true });
    await flipByte(blob, MIB);
    await engine.call('library.verify', { reference, quick: true });
    // The record is of a file that is not there any more.
    expect(await last(engine)).toEqual({ at: null, ok: null });
    const { files } = await engine.call('library.verify', { reference });
    const found = await last(engine);
    expect([found.ok, files[0]!.checkedAt >= found.at!]).toEqual([false, true]);
    await engine.close();
    expect(await last(await world.open())).toEqual(found);
    const repaired = await (await world.open({ access: 'reader' })).call('library.list', {});
    expect(repaired.models[0]!.verifiedOk).toBe(false);
  });

  it('is kept also for a model that another program brought', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const other = await world.open({ dataDir: join(world.root, 'other') });
    await other.download({ reference: SMALL_PARAKEET.id });
    const engine = await world.open();
    expect(await last(engine)).toEqual({ at: null, ok: null });
    await engine.call('library.verify', { reference: SMALL_PARAKEET.id });
    expect(await last(engine)).toEqual({ at: expect.any(String), ok: true });
  });

  it('is none for a model of which a part is still missing', async () => {
    const files = [text('config.json', '{}'), ...REPOSITORY.files!];
    await using world = await openWorld([{ ...REPOSITORY, files }], {
      conditions: { totalBytesPerSecond: 500_000 },
    });
    const engine = await world.open();
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 200_000);
    const { models } = await engine.call('library.list', {});
    expect(models).toMatchObject([{ complete: false, verifiedAt: null, verifiedOk: null }]);
    await engine.call('downloads.cancel', { id });
  });

  it('is forgotten with the model', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine } = await installed(world);
    await engine.call('library.remove', { reference });
    const other = await world.open({ dataDir: join(world.root, 'other') });
    await other.download({ reference });
    expect(await last(engine)).toEqual({ at: null, ok: null });
  });
});

describe('verifying', () => {
  it('ends when the caller does not want the answer any more, and the engine goes on', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine } = await installed(world);
    const abort = new AbortController();
    const verifying = engine.call('library.verify', { reference }, { signal: abort.signal });
    abort.abort(new AppError('Cancelled', 'Never mind.'));
    expect(await errorOf(verifying)).toMatchObject({ code: 'Cancelled' });
    expect((await engine.call('library.verify', { reference })).ok).toBe(true);
  });

  it('passes correct files, deeply and quickly', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine } = await installed(world);
    expect((await engine.call('library.verify', { reference })).ok).toBe(true);
    expect((await engine.call('library.verify', { reference, quick: true })).ok).toBe(true);
  });

  it('finds one damaged byte and reports the chunk', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, blob, done } = await installed(world);
    await flipByte(blob, 3 * MIB + 1);
    const { ok, files } = await engine.call('library.verify', { reference });
    expect(ok).toBe(false);
    expect(files).toMatchObject([
      { path: WEIGHTS, ok: false, expected: done.files[0]!.hash, badChunks: [3] },
    ]);
    expect(files[0]!.actual).toMatch(/^[0-9a-f]{64}$/);
  });

  it('quickly finds a file that was cut and a header that is damaged', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, blob } = await installed(world);
    await flipByte(blob, 9);
    expect((await engine.call('library.verify', { reference, quick: true })).ok).toBe(false);
    await flipByte(blob, 9);
    await truncate(blob, SIZE - 1);
    const { files } = await engine.call('library.verify', { reference, quick: true });
    expect(files).toMatchObject([{ ok: false, expected: `size ${SIZE}`, actual: `size ${SIZE - 1}` }]);
  });

  it('finds a file that is missing', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, done } = await installed(world);
    await rm(join(done.snapshot, WEIGHTS));
    const { files } = await engine.call('library.verify', { reference });
    expect(files).toMatchObject([{ path: WEIGHTS, ok: false, actual: 'missing' }]);
  });

  it('fetches no content', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, blob, since } = await installed(world);
    await flipByte(blob, 3 * MIB + 1);
    await engine.call('library.verify', { reference });
    expect(contentRequests(world.hub, since)).toEqual([]);
  });
});

describe('repairing', () => {
  it('reports and fetches one block of a chunk of several', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { done } = await engine.download({ reference, chunkSizeBytes: 3 * MIB });
    const since = world.hub.requests.length;
    await flipByte(done.files[0]!.blob, 4 * MIB + 5);
    const found = await engine.call('library.verify', { reference });
    expect(found.files).toMatchObject([{ badChunks: [1], badParts: [{ start: 4 * MIB, end: 5 * MIB }] }]);
    expect((await engine.call('library.verify', { reference, repair: true })).ok).toBe(true);
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(MIB);
  });

  it('fetches the damaged chunk and nothing else', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, blob, done, since } = await installed(world);
    await flipByte(blob, 3 * MIB + 1);
    const { ok } = await engine.call('library.verify', { reference, repair: true });
    expect(ok).toBe(true);
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBe(MIB);
    expect(ofKind(engine.events, 'repaired')).toMatchObject([{ path: WEIGHTS, chunk: 3, bytes: MIB }]);
  });

  it('repairs several chunks and a small file at once', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: SMALL_PARAKEET.id });
    const since = world.hub.requests.length;
    const blobOf = (path: string) => done.files.find((file) => file.path === path)!.blob;
    for (const offset of [5, 2 * MIB, 5 * MIB + 5]) await flipByte(blobOf(WEIGHTS), offset);
    await flipByte(blobOf('config.json'), 3);
    const report = await engine.call('library.verify', { reference: SMALL_PARAKEET.id, repair: true });
    expect(report.ok).toBe(true);
    await expectRightFiles(done.snapshot, SMALL_PARAKEET.files!);
    expect(servedBytes(world.hub, since)).toBeLessThan(3 * MIB);
  });

  it('without the ledger repairs by comparing, and keeps what is correct', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, blob, done, since } = await installed(world);
    await engine.close();
    await rm(world.dataDir, { recursive: true });
    await flipByte(blob, 3 * MIB + 1);
    const other = await world.open();
    const { ok } = await other.call('library.verify', { reference, repair: true });
    expect(ok).toBe(true);
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBeLessThanOrEqual(2 * SIZE + MIB);
  });

  it('restores a file that was truncated', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, blob, done, since } = await installed(world);
    await truncate(blob, 2 * MIB);
    expect((await engine.call('library.verify', { reference, repair: true })).ok).toBe(true);
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(servedBytes(world.hub, since)).toBeLessThanOrEqual(SIZE);
  });

  it('restores a file whose blob is gone', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, blob, done } = await installed(world);
    await rm(blob);
    expect((await engine.call('library.verify', { reference, repair: true })).ok).toBe(true);
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });

  it('leaves correct files alone', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine, since } = await installed(world);
    expect((await engine.call('library.verify', { reference, repair: true })).ok).toBe(true);
    expect(world.hub.requests.length).toBe(since);
  });

  it('restores the installed commit, wherever the branch is by now', async () => {
    const commits = ['a', 'b'].map((name) => ({
      id: name.repeat(40),
      files: [weights(WEIGHTS, SIZE, name)],
    }));
    await using world = await openWorld([{ id: reference, commits, branches: { main: commits[0]!.id } }]);
    const { engine, blob, done } = await installed(world);
    world.hub.setBranch(reference, 'main', commits[1]!.id);
    await flipByte(blob, 1 + MIB);
    expect((await engine.call('library.verify', { reference, repair: true })).ok).toBe(true);
    await expectRightFiles(done.snapshot, commits[0]!.files);
  });
});

describe('removing', () => {
  it('deletes a model and forgets its downloads', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine } = await installed(world);
    const report = await engine.call('library.remove', { reference });
    expect(report).toEqual({ repo: reference, freedBytes: SIZE, removedSnapshots: 1 });
    expect(existsSync(repositoryFolder(world.cacheDir, reference))).toBe(false);
    expect((await engine.call('snapshot', {})).downloads).toEqual([]);
  });

  it('of one revision keeps what the other one shares', async () => {
    const shared = weights('shared.safetensors', 2 * MIB, 'shared');
    const commits = ['a', 'b'].map((name) => ({
      id: name.repeat(40),
      files: [shared, text('config.json', `${name}\n`)],
    }));
    const branches = { main: commits[0]!.id, other: commits[1]!.id };
    await using world = await openWorld([{ id: reference, commits, branches }]);
    const engine = await world.open();
    await engine.download({ reference });
    const { done } = await engine.download({ reference, revision: 'other' });
    await engine.call('library.remove', { reference, revision: 'main' });
    await expectRightFiles(done.snapshot, commits[1]!.files);
    const blobs = await readdir(join(repositoryFolder(world.cacheDir, reference), 'blobs'));
    expect(blobs.length).toBe(2);
  });

  it('lets the model be downloaded again', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { engine } = await installed(world);
    await engine.call('library.remove', { reference });
    const { done } = await engine.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(done.stats.downloadedBytes).toBe(SIZE);
  });

  it('is refused while a download of it is unfinished', async () => {
    const commits = ['a', 'b'].map((name) => ({
      id: name.repeat(40),
      files: [weights(WEIGHTS, SIZE, name)],
    }));
    const branches = { main: commits[0]!.id, next: commits[1]!.id };
    await using world = await openWorld([{ id: reference, commits, branches }]);
    const { engine, done } = await installed(world);
    world.hub.conditions.set({ totalBytesPerSecond: 1_000_000 });
    const id = await engine.add({ reference, revision: 'next' });
    const error = await errorOf(engine.call('library.remove', { reference }));
    expect(error).toMatchObject({ code: 'BadRequest', details: { remedy: 'cancel-first', id } });
    await expectRightFiles(done.snapshot, commits[0]!.files);
  });
});

describe('the doctor', () => {
  it('finds everything in order', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { checks, ok } = await (await world.open()).call('doctor', {});
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
  });

  it('finds a Hub that does not answer', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ endpoint: 'http://hub.invalid' });
    const { checks, ok } = await engine.call('doctor', {});
    expect(ok).toBe(false);
    expect(checks.find(({ name }) => name === 'endpoint')).toMatchObject({ ok: false });
  });
});
