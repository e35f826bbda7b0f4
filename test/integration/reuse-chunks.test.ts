import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { blobPath } from '../../src/engine/cache/layout.ts';
import { answerWith } from '../hub/faults/constructors.ts';
import type { Hub } from '../hub/hub.ts';
import type { FileDeclaration, RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { weightsLike } from '../hub/xet/content-kinds.ts';
import type { XetDeclaration } from '../hub/xet/declaration.ts';
import { MIB, ofKind, openWorld, type World } from './harness.ts';
import { expectRightFiles, flipByte, sha256 } from './on-disk.ts';

const SIZE = 24 * MIB + 4321;
const PATH = 'model.safetensors';
const COMMITS = ['1'.repeat(40), '2'.repeat(40)] as const;
const [OLD, NEW] = COMMITS;
const STORED = { xorbBytes: 4 * MIB } as const;
const SHARED = { ...STORED, sharesFrom: 4 } as const;

const old = weightsLike(SIZE, 11);
/** The same weights with a part that was trained further, and a header that became longer. */
const trained = Buffer.concat([
  weightsLike(1000, 5),
  old.subarray(0, 10 * MIB),
  weightsLike(3 * MIB, 12),
  old.subarray(13 * MIB),
]);

const file = (content: Buffer, xet: XetDeclaration, path = PATH): FileDeclaration => ({
  path,
  kind: 'bytes',
  content,
  lfs: true,
  xet,
});
const revisions = (xet: XetDeclaration = SHARED): RepositoryDeclaration => ({
  id: 'org/model',
  commits: [
    { id: OLD, files: [file(old, STORED)] },
    { id: NEW, files: [file(trained, xet)] },
  ],
});

const sentSince = (hub: Hub, first: number): number =>
  hub.requests
    .slice(first)
    .filter(({ path }) => /^\/(repos|xorbs)\//.test(path))
    .reduce((sum, { bytesSent }) => sum + bytesSent, 0);

/** Has the old revision, downloads the new one, and returns what was transferred for that. */
async function update(world: World, between: (world: World) => Promise<void> = async () => undefined) {
  const engine = await world.open();
  await engine.download({ reference: 'org/model', revision: OLD });
  await between(world);
  const first = world.hub.requests.length;
  const { done, events } = await engine.download({ reference: 'org/model', revision: NEW, workers: 1 });
  await expectRightFiles(done.snapshot, [file(trained, SHARED)]);
  return { sent: sentSince(world.hub, first), events, log: engine.log, stats: done.stats };
}

describe('a revision of which most is here already', () => {
  it('is copied as far as its chunks are the same, judged, and only the rest is fetched', async () => {
    await using world = await openWorld([revisions()]);
    const { sent, events, stats } = await update(world);
    // The part that differs, the first chunk, and a chunk or two at each border.
    expect(sent).toBeLessThan(4.5 * MIB);
    expect(ofKind(events, 'rescued')).toMatchObject([
      { path: PATH, source: 'similar', fileBytes: trained.length },
    ]);
    const { bytes = 0 } = ofKind(events, 'rescued')[0] ?? {};
    expect(bytes).toBeGreaterThan(20 * MIB);
    expect(stats.rescuedBytes).toBe(bytes);
    expect(ofKind(events, 'judged')[0]).toMatchObject({ bad: 0, arrived: false });
    expect(ofKind(events, 'judged')[0]?.proved).toBeGreaterThan(4);
  });

  it('is copied from another repository, whatever its file is called', async () => {
    const again: RepositoryDeclaration = {
      id: 'other/model-4bit',
      files: [file(trained, SHARED, 'weights.safetensors')],
    };
    await using world = await openWorld([{ id: 'org/model', files: [file(old, STORED)] }, again]);
    const engine = await world.open();
    await engine.download({ reference: 'org/model' });
    const first = world.hub.requests.length;
    const { done } = await engine.download({ reference: again.id });
    await expectRightFiles(done.snapshot, again.files!);
    expect(sentSince(world.hub, first)).toBeLessThan(4.5 * MIB);
  });

  it('is correct although the local file was damaged: bad copied bytes are fetched again', async () => {
    await using world = await openWorld([revisions()]);
    const { sent, events } = await update(world, async ({ cacheDir }) => {
      await flipByte(blobPath(cacheDir, 'org/model', sha256(old)), 20 * MIB);
    });
    expect(ofKind(events, 'judged')[0]).toMatchObject({ bad: 1 });
    expect(sent).toBeLessThan(6 * MIB);
  });

  it('is correct although the local file has changed by now', async () => {
    await using world = await openWorld([revisions()]);
    await update(world, async ({ cacheDir }) => {
      const blob = blobPath(cacheDir, 'org/model', sha256(old));
      await rm(blob);
      await writeFile(blob, weightsLike(SIZE, 99));
    });
  });
});

describe('everything is fetched as ever', () => {
  it.each<[string, (hub: Hub) => void, RepositoryDeclaration]>([
    ['where no chunks are shared', () => undefined, revisions(STORED)],
    [
      'where the file is not in Xet storage',
      () => undefined,
      {
        ...revisions(),
        commits: [
          { id: OLD, files: [file(old, STORED)] },
          { id: NEW, files: [{ ...file(trained, STORED), xet: undefined } as unknown as FileDeclaration] },
        ],
      },
    ],
    [
      'where the storage does not answer',
      (hub) => hub.faults.add({ match: { path: /reconstructions/ }, times: 1000, ...answerWith(403) }),
      revisions(),
    ],
    [
      'where terms do not add up',
      (hub) => {
        hub.xet.unpackedLengthOff = 1;
      },
      revisions(),
    ],
    [
      'where the old revision is gone from the Hub',
      (hub) =>
        hub.faults.add({ match: { path: new RegExp(`resolve/${OLD}`) }, times: 1000, ...answerWith(404) }),
      revisions(),
    ],
  ])('%s', async (_, breakIt, repository) => {
    await using world = await openWorld([repository]);
    const { sent, events } = await update(world, async ({ hub }) => breakIt(hub));
    expect(sent).toBeGreaterThanOrEqual(trained.length);
    expect(ofKind(events, 'rescued')).toEqual([]);
  });
});
