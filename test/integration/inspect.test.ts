import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChunkRun } from '../../src/shared/model/inspection.ts';
import { flipBytes, stallAfterBytes } from '../hub/faults/constructors.ts';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import { MIB, openWorld } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { bytesOf, onlyFile, sha256 } from './on-disk.ts';
import { oneFile, WEIGHTS } from './repositories.ts';

const SIZE = 5 * MIB + 321;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
const right = await bytesOf(onlyFile(REPOSITORY));
const HASH = sha256(right);

const told = (runs: readonly ChunkRun[] | undefined) =>
  runs?.map(({ state, count }) => `${count} ${state}`).join(', ');

describe('looking into a download', () => {
  it('that runs shows its chunks, its streams, and how far the hash is', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { origin: 'cdn', rangeStart: 2 * MIB }, ...stallAfterBytes(HALF_CHUNK) });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await engine.waitFor(
      'progress',
      (each) => each.receivedBytes >= 2 * MIB + HALF_CHUNK && each.chunksDone >= 2,
    );
    const { files, streams, commit, events } = await engine.call('downloads.inspect', { id });
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(files).toMatchObject([
      {
        path: WEIGHTS,
        size: SIZE,
        expectedHash: HASH,
        foundHash: null,
        hashedBytes: 2 * MIB,
        chunkSizeBytes: MIB,
      },
    ]);
    expect(told(files[0]?.chunkRuns)).toBe('2 done, 1 receiving, 3 waiting');
    expect(streams).toEqual([
      {
        kind: 'hub',
        host: new URL(world.hub.cdnUrl).host,
        path: WEIGHTS,
        chunk: 2,
        bytesPerSecond: expect.any(Number),
        receivedBytes: HALF_CHUNK,
        silentSeconds: expect.any(Number),
      },
    ]);
    expect(events.map(({ event }) => event)).toContain('resolved');
  });

  it('shows connections as fast as they are, not as fast as they would be without the speed limit', async () => {
    const limit = 500_000;
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ limitBytesPerSecond: limit });
    const id = await engine.add({ reference, workers: 2 });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes >= 2 * MIB);
    const { streams } = await engine.call('downloads.inspect', { id });
    const total = streams.reduce((sum, { bytesPerSecond }) => sum + bytesPerSecond, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(3 * limit);
  });

  it('that was interrupted shows the ledger’s data, even alongside another owner', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 2);
    const owner = await world.open();
    const reader = await world.open({ access: 'reader' });
    for (const engine of [owner, reader]) {
      const { files, streams } = await engine.call('downloads.inspect', { id });
      expect(told(files[0]?.chunkRuns)).toBe('2 done, 1 received, 3 waiting');
      expect(streams).toEqual([]);
    }
  });

  it('that is finished shows the hash that was found, and which chunks were rescued and repaired', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({
      match: { origin: 'cdn', rangeStart: 4 * MIB },
      times: 1,
      ...flipBytes(4 * MIB + 9),
    });
    const partial = join(world.root, WEIGHTS);
    await writeFile(partial, right.subarray(0, 2 * MIB));
    const engine = await world.open();
    const { id } = await engine.download({ reference, workers: 1, from: { [WEIGHTS]: partial } });
    const { files } = await engine.call('downloads.inspect', { id });
    expect(files).toMatchObject([{ expectedHash: HASH, foundHash: HASH, hashedBytes: SIZE }]);
    expect(told(files[0]?.chunkRuns)).toBe('2 rescued, 2 done, 1 repaired, 1 done');
  });

  it('whose hash came out wrong shows both hashes while it looks for the bad chunk', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { faults } = world.hub;
    faults.add({ match: { origin: 'cdn', covers: MIB + 9 }, ...flipBytes(MIB + 9) });
    faults.add({ match: { origin: 'cdn', rangeStart: 0, nth: 2 }, ...stallAfterBytes(1000, 2000) });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await engine.waitFor('progress', ({ state }) => state === 'repairing');
    const [file] = (await engine.call('downloads.inspect', { id })).files;
    expect(file?.expectedHash).toBe(HASH);
    expect(file?.foundHash).toMatch(/^[0-9a-f]{64}$/);
    expect(file?.foundHash).not.toBe(HASH);
    expect((await engine.ended(id)).done).not.toBeNull();
  });

  it('never shows a token or a signed address', async () => {
    await using world = await openWorld([{ ...REPOSITORY, private: true }], { tokens: LOCAL_TOKENS });
    const token = 'hf_local_granted';
    const engine = await world.open({ token });
    world.hub.faults.add({
      match: { origin: 'cdn', rangeStart: MIB },
      times: 1,
      ...stallAfterBytes(1000, 100),
    });
    const { id } = await engine.download({ reference, workers: 1 });
    const text = JSON.stringify(await engine.call('downloads.inspect', { id }));
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/Signature|X-Amz|Policy=|\?[A-Za-z-]+=/);
  });

  it('that does not exist is reported', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    await expect(engine.call('downloads.inspect', { id: 'nope' })).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});
