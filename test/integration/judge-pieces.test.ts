import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identifyFile } from '../../src/engine/cache/file-identity.ts';
import { blobPath } from '../../src/engine/cache/layout.ts';
import { openLedgerReader } from '../../src/engine/ledger/ledger.ts';
import { answerWith, flipBytes } from '../hub/faults/constructors.ts';
import type { Hub } from '../hub/hub.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import type { XetDeclaration } from '../hub/xet/declaration.ts';
import { MIB, ofKind, openWorld, type World } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { bytesOf, expectRightFiles, flipByte, onlyFile, partialOf, sha256 } from './on-disk.ts';
import { WEIGHTS, weights } from './repositories.ts';

const SIZE = 12 * MIB + 4321;
const inXet = (xet: XetDeclaration): RepositoryDeclaration => ({
  id: 'org/xet',
  files: [{ ...weights(WEIGHTS, SIZE, 'xet'), xet }],
});
const REPOSITORY = inXet({ xorbBytes: 2 * MIB });
const reference = REPOSITORY.id;
const right = await bytesOf(onlyFile(REPOSITORY));
const HASH = sha256(right);
const CONTENT = { path: /^\/repos\// };
const NONE = { chunkHashes: false, gapVerification: 'empty' } as const;

/** Puts the first bytes of the file, some of them damaged, where another tool would leave them. */
async function leave(world: World, bytes: number, damage: (partial: Buffer) => void): Promise<string> {
  const path = `${blobPath(world.cacheDir, reference, HASH)}.incomplete`;
  const partial = Buffer.from(right.subarray(0, bytes));
  damage(partial);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, partial);
  return path;
}
const flip = (partial: Buffer, at: number) => {
  partial[at] = partial[at]! ^ 0xff;
};
const contentRequests = (hub: Hub) => hub.requests.filter(({ path }) => CONTENT.path.test(path));
const contentBytes = (hub: Hub) => contentRequests(hub).reduce((sum, { bytesSent }) => sum + bytesSent, 0);

describe('a partial of another tool with a flipped byte and a zeroed hole', () => {
  const PREFIX = 9 * MIB + 333;
  const damage = (partial: Buffer) => {
    flip(partial, MIB + 7);
    partial.fill(0, 5 * MIB, 6 * MIB);
  };

  it('is judged before any content is asked for, and hardly more than the damage is fetched', async () => {
    await using world = await openWorld([REPOSITORY]);
    await leave(world, PREFIX, damage);
    const { done, events } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'judged')).toMatchObject([
      { path: WEIGHTS, pieces: 5, bad: 1, arrived: false, method: 'nodes' },
    ]);
    const paths = world.hub.requests.map(({ path }) => path);
    const firstContent = paths.findIndex((path) => CONTENT.path.test(path));
    expect(paths.findLastIndex((path) => path.includes('file-chunk-hashes'))).toBeLessThan(firstContent);
    expect(contentBytes(world.hub)).toBeLessThan(SIZE - PREFIX + MIB + 128 * 1024 + 1);
    expect(ofKind(events, 'repaired')).toEqual([]);
  });

  it.each([
    ['by single chunks of the deduplication', { ...NONE, globalDedup: true }],
    ['by nothing but hashes of xorbs', NONE],
    ['by nothing at all', { ...NONE, v2: 501, unpackedLengthOff: 3 }],
  ] as const)('is repaired where the Hub can be asked %s', async (_, settings) => {
    await using world = await openWorld([REPOSITORY], { xet: settings });
    await leave(world, PREFIX, damage);
    const { done } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
  });

  it('is narrowed by the deduplication as far as by nodes', async () => {
    await using world = await openWorld([inXet({ xorbBytes: 2 * MIB, layout: 'mid-xorb' })], {
      xet: { ...NONE, globalDedup: true },
    });
    await leave(world, PREFIX, (partial) => flip(partial, MIB + 7));
    const { done, events } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'judged')).toMatchObject([{ bad: 1, method: 'chunks' }]);
    expect(contentBytes(world.hub)).toBeLessThan(SIZE - PREFIX + 128 * 1024 + 1);
  });
});

describe('a whole partial', () => {
  it.each(['modern', 'legacy'] as const)(
    'cut by the %s rule is proved without a content request',
    async (rule) => {
      await using world = await openWorld([inXet({ xorbBytes: 2 * MIB, rule })]);
      await leave(world, SIZE, () => undefined);
      const { done, events } = await (await world.open()).download({ reference, workers: 1 });
      await expectRightFiles(done.snapshot, REPOSITORY.files!);
      expect(ofKind(events, 'judged')).toMatchObject([
        { pieces: 7, proved: 7, bad: 0, unproved: 0, bytes: SIZE },
      ]);
      expect(contentRequests(world.hub)).toEqual([]);
    },
  );

  it('of something else is not called damaged: nothing of it is proved', async () => {
    await using world = await openWorld([REPOSITORY]);
    await leave(world, SIZE, (partial) => partial.reverse());
    const { done, events } = await (await world.open()).download({ reference }, { timeoutMs: 60_000 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'judged')[0]).toMatchObject({ proved: 0, bad: 0, unproved: 7 });
  });
});

describe('our own partial', () => {
  it('that was damaged after a restart is judged piece by piece', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 7);
    await flipByte(await partialOf(world, REPOSITORY), 3 * MIB + 5);
    const since = contentBytes(world.hub);
    const engine = await world.open();
    await engine.call('downloads.resume', { id });
    const ended = await engine.ended(id);
    await expectRightFiles(ended.done!.snapshot, REPOSITORY.files!);
    expect(ofKind(engine.events, 'judged')).toMatchObject([{ bad: 1 }]);
    expect(contentBytes(world.hub) - since).toBeLessThan(SIZE - 7 * MIB + 3 * HALF_CHUNK);
  });
});

describe('what was proved', () => {
  it('is kept, shown in the map, and not judged again after a restart', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 9);
    const reader = openLedgerReader(world.dataDir, Date.now);
    const blob = reader.blobs.find(dirname(dirname(blobPath(world.cacheDir, reference, HASH))), HASH)!;
    const kept = reader.proofs.list(blob.id);
    reader.close();
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.every(({ bad }) => bad.length === 0)).toBe(true);
    const partial = await identifyFile(await partialOf(world, REPOSITORY));
    expect(new Set(kept.map(({ identity }) => identity))).toEqual(new Set([partial!.identity]));
    const engine = await world.open();
    const stored = await engine.call('downloads.inspect', { id });
    expect(stored.files[0]!.chunkRuns[0]).toMatchObject({ state: 'proved' });
    await engine.call('downloads.resume', { id });
    const ended = await engine.ended(id);
    await expectRightFiles(ended.done!.snapshot, REPOSITORY.files!);
    const [told] = ofKind(engine.events, 'judged');
    expect(told!.proved).toBeGreaterThanOrEqual(kept.length);
  });

  it('of an installed file that is damaged is told again without a question, while it is the same', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    await engine.download({ reference, workers: 1 });
    const questions = () =>
      world.hub.requests.filter(({ path }) => path.includes('file-chunk-hashes')).length;
    await flipByte(blobPath(world.cacheDir, reference, HASH), 3 * MIB + 5);
    const first = await engine.call('library.verify', { reference });
    const asked = questions();
    expect(first.files[0]!.badParts).toHaveLength(1);
    expect(await engine.call('library.verify', { reference })).toMatchObject({
      files: [{ badParts: first.files[0]!.badParts }],
    });
    expect(questions()).toBe(asked);
    await flipByte(blobPath(world.cacheDir, reference, HASH), 9 * MIB + 5);
    const third = await engine.call('library.verify', { reference });
    expect(third.files[0]!.badParts).toHaveLength(2);
    expect(await engine.call('library.verify', { reference, repair: true })).toMatchObject({ ok: true });
  });
});

describe('a byte that is damaged on its way', () => {
  it('costs a chunk of the content and is told in words', async () => {
    await using world = await openWorld([REPOSITORY]);
    const offset = 5 * MIB + 5;
    world.hub.faults.add({ match: { ...CONTENT, covers: offset }, ...flipBytes(offset) });
    const engine = await world.open();
    const { done, events } = await engine.download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'judged')).toMatchObject([
      { path: WEIGHTS, pieces: 1, bad: 1, arrived: true, damagedPieces: 1 },
    ]);
    expect(done.stats.wastedBytes).toBeLessThanOrEqual(128 * 1024);
    expect(contentBytes(world.hub)).toBeLessThanOrEqual(SIZE + 128 * 1024);
    expect(engine.log.join('\n')).toContain('is damaged');
  });

  it.each([0, SIZE - 1])('is found at offset %d', async (offset) => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { ...CONTENT, covers: offset }, ...flipBytes(offset) });
    const { done } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(done.stats.wastedBytes).toBeLessThanOrEqual(MIB);
  });

  it('each time ends in an error that says so, not in a wrong file', async () => {
    await using world = await openWorld([REPOSITORY]);
    const offset = 5 * MIB + 5;
    world.hub.faults.add({ match: { ...CONTENT, covers: offset }, ...flipBytes(offset), times: 1000 });
    const { failed } = await (await world.open()).run({ reference }, { timeoutMs: 60_000 });
    expect(failed).toMatchObject({ code: 'HashMismatch' });
  });
});

describe('an installed file that was damaged', () => {
  it('is told with the bad parts, and repaired by fetching no more than these', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    await engine.download({ reference, workers: 1 });
    await flipByte(blobPath(world.cacheDir, reference, HASH), 3 * MIB + 5);
    const before = contentBytes(world.hub);
    const report = await engine.call('library.verify', { reference });
    const [part, ...others] = report.files[0]!.badParts!;
    expect([report.ok, others]).toEqual([false, []]);
    expect(part!.start).toBeLessThanOrEqual(3 * MIB + 5);
    expect(part!.end).toBeGreaterThan(3 * MIB + 5);
    expect(part!.end - part!.start).toBeLessThanOrEqual(128 * 1024);
    expect(contentBytes(world.hub)).toBe(before);
    expect(await engine.call('library.verify', { reference, repair: true })).toMatchObject({ ok: true });
    expect(contentBytes(world.hub) - before).toBe(part!.end - part!.start);
    expect(sha256(await readFile(blobPath(world.cacheDir, reference, HASH)))).toBe(HASH);
  });
});

describe('Xet storage that cannot be asked', () => {
  it.each([
    ['is blocked', { match: { path: /^\/v[12]\// }, ...answerWith(403, 'Blocked by policy'), times: 1000 }],
    [
      'answers with nonsense',
      { match: { path: /^\/v[12]\// }, ...answerWith(200, '{"terms":7}'), times: 1000 },
    ],
    ['knows no such file', { match: { path: /^\/v[12]\// }, ...answerWith(404), times: 1000 }],
    ['gives no token', { match: { path: /xet-read-token/ }, ...answerWith(403, 'no'), times: 1000 }],
  ])('and %s: the download goes on as without it', async (_, fault) => {
    await using world = await openWorld([REPOSITORY]);
    await leave(world, 3 * MIB, () => undefined);
    world.hub.faults.add(fault);
    const { done, events } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'judged')).toEqual([]);
    expect(contentBytes(world.hub)).toBe(SIZE - 3 * MIB);
  });
});

describe('the token of the storage', () => {
  it('is asked for once, and is in no event, log or ledger', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    await engine.download({ reference, workers: 1 });
    expect(world.hub.requests.filter(({ path }) => path.includes('xet-read-token'))).toHaveLength(1);
    await engine.close();
    const files = (await readdir(world.dataDir)).map((name) => readFile(join(world.dataDir, name), 'latin1'));
    const ledger = (await Promise.all(files)).join('');
    expect(ledger).toContain(WEIGHTS);
    const told = `${JSON.stringify(engine.events)}${engine.log.join('')}${ledger}`;
    expect(told).not.toMatch(/xet_[0-9a-f]{8}|Signature=/);
    expect(world.hub.violations).toEqual([]);
  });
});
