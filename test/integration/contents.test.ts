import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ODD_NAMES, SILERO_VAD } from '../hub/fixtures/odd.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { contentRequests, expectRightFiles, servedBytes } from './on-disk.ts';
import { oneFile, text, WEIGHTS, weights } from './repositories.ts';

describe('contents', () => {
  it('of a model that was really published arrive byte for byte', async () => {
    await using world = await openWorld([SILERO_VAD]);
    const { done } = await (await world.open()).download({ reference: SILERO_VAD.id });
    await expectRightFiles(done.snapshot, SILERO_VAD.files!);
    for (const file of SILERO_VAD.files!) {
      if (file.kind !== 'disk') continue;
      expect((await readFile(join(done.snapshot, file.path))).equals(await readFile(file.file))).toBe(true);
    }
  });

  it('with odd names, in deep folders, empty, and fifty small ones all arrive', async () => {
    await using world = await openWorld([ODD_NAMES]);
    const { done } = await (await world.open()).download({ reference: ODD_NAMES.id });
    await expectRightFiles(done.snapshot, ODD_NAMES.files!);
    expect(done.files.length).toBe(ODD_NAMES.files!.length);
  });

  it('that two paths share are fetched once and shown twice', async () => {
    const files = [
      weights('a/model.safetensors', 2 * MIB, 'same'),
      weights('b.safetensors', 2 * MIB, 'same'),
    ];
    await using world = await openWorld([{ id: 'org/twins', files }]);
    const { done } = await (await world.open()).download({ reference: 'org/twins' });
    await expectRightFiles(done.snapshot, files);
    expect(servedBytes(world.hub)).toBe(2 * MIB);
    expect(done.files[0]!.blob).toBe(done.files[1]!.blob);
  });

  it('that fit into one chunk take one request for the whole file', async () => {
    await using world = await openWorld([oneFile(700_000)]);
    const { done } = await (await world.open()).download({ reference: 'org/one' });
    await expectRightFiles(done.snapshot, oneFile(700_000).files!);
    expect(contentRequests(world.hub).map(({ headers }) => headers.range)).toEqual([undefined]);
  });

  it('that end with a chunk have no empty chunk behind them', async () => {
    const repository = oneFile(3 * MIB);
    await using world = await openWorld([repository]);
    const { done, events } = await (await world.open()).download({ reference: 'org/one' });
    await expectRightFiles(done.snapshot, repository.files!);
    expect(ofKind(events, 'resolved')[0]!.files).toMatchObject([{ path: WEIGHTS, chunks: 3 }]);
    expect(ofKind(events, 'progress').at(-1)).toMatchObject({ chunksDone: 3, chunksTotal: 3 });
  });

  it('of only empty files need no request for content', async () => {
    await using world = await openWorld([{ id: 'org/empty', files: [text('a', ''), text('b/c.txt', '')] }]);
    const { done } = await (await world.open()).download({ reference: 'org/empty' });
    await expectRightFiles(done.snapshot, [text('a', ''), text('b/c.txt', '')]);
    expect(servedBytes(world.hub)).toBe(0);
  });

  it('of 26 chunks come right over ten streams', async () => {
    const repository = oneFile(25 * MIB + 12_345);
    await using world = await openWorld([repository]);
    const { done } = await (await world.open()).download({ reference: 'org/one', profile: 'fast' });
    await expectRightFiles(done.snapshot, repository.files!);
    expect(done.stats.wastedBytes).toBe(0);
  });
});
