import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MIB, openWorld } from './harness.ts';
import { oneFile, WEIGHTS, weights } from './repositories.ts';

const SLOW = { conditions: { totalBytesPerSecond: 3_000_000 } };

describe('one model', () => {
  it('is one download, asked for by id, by address and with the name of its branch', async () => {
    const repository = oneFile(8 * MIB);
    await using world = await openWorld([repository], SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference: repository.id });
    expect(await engine.add({ reference: `${world.hub.url}/${repository.id}` })).toBe(id);
    expect(await engine.add({ reference: repository.id, revision: 'main' })).toBe(id);
    expect(await engine.add({ reference: `${world.hub.url}/${repository.id}/tree/main` })).toBe(id);
    expect((await engine.call('snapshot', {})).downloads).toHaveLength(1);
  });

  it('is another download with other filters', async () => {
    const repository = oneFile(2 * MIB);
    await using world = await openWorld([repository], SLOW);
    const engine = await world.open();
    const id = await engine.add({ reference: repository.id });
    expect(await engine.add({ reference: repository.id, include: ['*.json'] })).not.toBe(id);
  });
});

describe('two repositories that share a file', () => {
  it('fetch it once; the second says for which download it waits', async () => {
    const shared = weights(WEIGHTS, 8 * MIB, 'shared');
    const one = { ...oneFile(8 * MIB, 'org/one'), files: [shared] };
    const two = { ...oneFile(8 * MIB, 'org/two'), files: [shared] };
    await using world = await openWorld([one, two], SLOW);
    const engine = await world.open();
    const first = await engine.add({ reference: one.id });
    await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > MIB);
    const second = await engine.add({ reference: two.id });
    const waiting = await engine.waitFor(
      'progress',
      ({ download, state }) => download === second && state === 'waiting',
    );
    expect(waiting.wait).toMatchObject({ reason: 'same-file', download: first });
    const { done } = await engine.ended(second);
    expect(done!.stats).toMatchObject({ downloadedBytes: 0, rescuedBytes: 8 * MIB });
    expect((await readFile(`${done!.snapshot}/${WEIGHTS}`)).length).toBe(8 * MIB);
  });
});
