import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { DownloadSupervisor } from '../../src/engine/queue/supervisor.ts';
import { RangeAttempt } from '../../src/engine/transfer/range-attempt.ts';
import { errorOf, MIB, ofKind, openWorld } from './harness.ts';
import { expectRightFiles, flipByte } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const ONE = oneFile(12 * MIB, 'org/one');
const OTHER = oneFile(24 * MIB, 'org/other');
const SLOW = { conditions: { totalBytesPerSecond: 6_000_000 } };

describe('a download that is added while the same one is being canceled', () => {
  it.each([true, false])('is another one, and becomes ready (partial kept: %s)', async (keepPartial) => {
    await using world = await openWorld([ONE], SLOW);
    const engine = await world.open();
    const first = await engine.add({ reference: 'org/one' });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 2 * MIB);
    const canceled = engine.call('downloads.cancel', { id: first, keepPartial });
    const second = await engine.add({ reference: 'org/one' });
    await canceled;
    expect(second).not.toBe(first);
    const { done } = await engine.ended(second);
    await expectRightFiles(done!.snapshot, ONE.files!);
    expect(ofKind(engine.events, 'failed')).toEqual([]);
    expect((await engine.call('snapshot', {})).downloads.map(({ id }) => id)).toEqual([second]);
  });

  it('is not lost when everything is resumed in the meantime', async () => {
    await using world = await openWorld([ONE], SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/one' });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > MIB);
    const canceled = engine.call('downloads.cancel', { id, keepPartial: true });
    await engine.call('downloads.resumeAll', {});
    await canceled;
    const requests = world.hub.requests.length;
    expect((await engine.call('snapshot', {})).downloads).toEqual([]);
    await engine.call('downloads.retryNow', {});
    expect(world.hub.requests.length).toBe(requests);
  });
});

describe('a download that is being canceled', () => {
  it('is not there for other commands', async () => {
    await using world = await openWorld([ONE], SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/one' });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > MIB);
    const canceled = engine.call('downloads.cancel', { id, keepPartial: false });
    const errors = await Promise.all([
      errorOf(engine.call('downloads.pause', { id })),
      errorOf(engine.call('downloads.resume', { id })),
      errorOf(engine.call('downloads.cancel', { id, keepPartial: true })),
    ]);
    expect(errors.map(({ code }) => code)).toEqual(['NotFound', 'NotFound', 'NotFound']);
    await canceled;
  });
});

describe('a model that is removed', () => {
  it('does not take what a download that was added meanwhile has begun', async () => {
    await using world = await openWorld([ONE, OTHER], SLOW);
    const engine = await world.open();
    world.hub.conditions.set({ totalBytesPerSecond: null });
    await engine.download({ reference: 'org/one' });
    world.hub.conditions.set(SLOW.conditions);
    const other = await engine.add({ reference: 'org/other' });
    await engine.waitFor(
      'progress',
      ({ download, receivedBytes }) => download === other && receivedBytes > MIB,
    );
    const removed = engine.call('library.remove', { reference: 'org/one' });
    const again = await engine.add({ reference: 'org/one' });
    await removed.catch(({ code }) => expect(code).toBe('BadRequest'));
    expect((await engine.ended(other)).failed).toBeNull();
    const { done } = await engine.ended(again);
    await expectRightFiles(done!.snapshot, ONE.files!);
  });
});

describe('a repair', () => {
  it('goes into the cache that was checked, whatever the ledger knows about others', async () => {
    await using world = await openWorld([ONE]);
    const elsewhere = await world.open({ cacheDir: join(world.root, 'other-cache') });
    await elsewhere.download({ reference: 'org/one' });
    await elsewhere.close();
    const engine = await world.open();
    const { done } = await engine.download({ reference: 'org/one' });
    const [first] = (await engine.call('snapshot', {})).downloads;
    await engine.call('downloads.cancel', { id: done.download, keepPartial: true });
    await flipByte(done.files[0]!.blob, MIB);
    const report = await engine.call('library.verify', { reference: 'org/one', repair: true });
    expect(report.ok, first?.id).toBe(true);
  });

  it('brings a file that the download of the same commit did not ask for', async () => {
    const files = [...OTHER.files!, { ...ONE.files![0]!, path: 'second.bin' }];
    await using world = await openWorld([{ ...OTHER, files }]);
    const engine = await world.open();
    await engine.download({ reference: 'org/other', include: [files[0]!.path] });
    const { done } = await engine.download({ reference: 'org/other', include: ['second.bin'] });
    const [narrow, wide] = (await engine.call('snapshot', {})).downloads;
    expect(narrow?.files.length).toBe(1);
    await flipByte(done.files[0]!.blob, MIB);
    const report = await engine.call('library.verify', { reference: 'org/other', repair: true });
    expect(report.ok, wide?.id).toBe(true);
  });
});

describe('a finished download', () => {
  it('keeps its record when it is resumed with the change accepted', async () => {
    await using world = await openWorld([ONE]);
    const engine = await world.open();
    const { id } = await engine.download({ reference: 'org/one' });
    const before = await engine.view(id);
    await engine.call('downloads.resume', { id, acceptChanged: true });
    expect(await engine.view(id)).toEqual(before);
  });

  it('is deleted only with the snapshot that it downloaded', async () => {
    await using world = await openWorld([ONE]);
    const elsewhere = await world.open({ cacheDir: join(world.root, 'other-cache') });
    await elsewhere.download({ reference: 'org/one' });
    await elsewhere.close();
    const engine = await world.open();
    await engine.download({ reference: 'org/one' });
    await engine.call('library.remove', { reference: 'org/one' });
    const { downloads } = await engine.call('snapshot', {});
    expect(downloads.map(({ snapshot }) => snapshot?.includes('other-cache'))).toEqual([true]);
  });
});

describe('a download that is paused while it takes over a partial', () => {
  it('ends up paused', async () => {
    await using world = await openWorld([ONE], SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/one' });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > MIB);
    const partial = join(world.root, 'data.bin.part');
    await writeFile(partial, Buffer.alloc(4 * MIB));
    const adopted = engine.call('downloads.adopt', { id, partial, file: ONE.files![0]!.path });
    await engine.call('downloads.pause', { id });
    await adopted.catch(() => undefined);
    expect((await engine.view(id)).state).toBe('paused');
    await rm(partial);
  });
});

describe('a hashing thread that dies', () => {
  it('costs a moment, not the download', async () => {
    await using world = await openWorld([ONE], SLOW);
    const died = join(world.root, 'died');
    const worker = join(world.root, 'mortal-worker.ts');
    const real = new URL('../../src/engine/integrity/hash-worker.ts', import.meta.url);
    await writeFile(
      worker,
      `import { existsSync, writeFileSync } from 'node:fs';
      import { parentPort } from 'node:worker_threads';
      let messages = 0;
      parentPort.on('message', () => {
        messages += 1;
        if (messages < 4 || existsSync(${JSON.stringify(died)})) return;
        writeFileSync(${JSON.stringify(died)}, '');
        process.exit(1);
      });
      await import(${JSON.stringify(real.href)});`,
    );
    const engine = await world.open({ hashWorkerUrl: pathToFileURL(worker) });
    const { done } = await engine.download({ reference: 'org/one' });
    expect(existsSync(died)).toBe(true);
    await expectRightFiles(done.snapshot, ONE.files!);
  });
});

describe('a fault in the timer that looks at downloads', () => {
  it.each([
    ['queue', DownloadSupervisor.prototype, 'tick'],
    ['transfer', RangeAttempt.prototype, 'measure'],
  ])('(%s) ends the download that it is about, and no other', async (_, prototype, method) => {
    await using world = await openWorld([ONE, OTHER], SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference: 'org/one' });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 0);
    const spy = vi
      .spyOn(prototype as unknown as Record<string, () => void>, method)
      .mockImplementationOnce(() => {
        throw new Error('a mistake of ours');
      });
    try {
      expect((await engine.ended(id)).failed).toMatchObject({ code: 'Internal' });
    } finally {
      spy.mockRestore();
    }
    const { done } = await engine.download({ reference: 'org/other' });
    await expectRightFiles(done.snapshot, OTHER.files!);
  });
});
