import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blockChecksOf } from '../../integrity/block-crc.ts';
import type { FilePart } from '../../integrity/hash-protocol.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { makeTestData, type TestData } from '../../ledger/test-ledger.ts';
import { provedTerm } from '../../sources/xet/proof/verdict.ts';
import { planChunks } from '../../transfer/chunk-plan.ts';
import { ChunkTable } from '../../transfer/chunk-table.ts';
import { BlockChecks } from './block-checks.ts';
import { KeptProofs } from './kept-proofs.ts';

const MIB = 1024 * 1024;
const SIZE = 4 * MIB;
/** Pieces whose ends are no borders of blocks or chunks. */
const PIECES = [
  { start: 0, end: 1_500_000 },
  { start: 1_500_000, end: 3_100_000 },
  { start: 3_100_000, end: SIZE },
];
const never = new AbortController().signal;

let data: TestData;
let ledger: Ledger;
let folder: string;
let file: string;
beforeEach(async () => {
  data = await makeTestData();
  ledger = await data.open();
  folder = await mkdtemp(join(tmpdir(), 'haulyard-kept-'));
  file = join(folder, 'partial');
  await writeFile(file, Buffer.alloc(SIZE, 7));
});
afterEach(async () => {
  await ledger.close();
  await data.remove();
  await rm(folder, { recursive: true });
});

/** The proofs of a run that has all bytes of the file; `isChecked` when the ledger has checks of their blocks. */
function openRun(isChecked = true) {
  const blob = {
    folder: '/f',
    hash: 'a'.repeat(64),
    algorithm: 'sha256',
    size: SIZE,
    chunkBytes: 2 * MIB,
  } as const;
  const { id: blobId } = ledger.blobs.ensure(blob);
  const table = new ChunkTable(planChunks(SIZE, blob.chunkBytes));
  const blocks = new BlockChecks(table.plan);
  for (const { index, range } of table.chunks) {
    table.restore(index, [range], { suspect: false, committed: true });
    const bytes = Buffer.alloc(range.end - range.start, 7);
    if (isChecked) blocks.restore(index, blockChecksOf([bytes], range.start));
  }
  const read: FilePart[] = [];
  const hasher = {
    blockCrcs: async (part: FilePart) => {
      read.push(part);
      const bytes = (await readFile(part.path)).subarray(part.start, part.end);
      return Uint32Array.from(blockChecksOf([bytes], part.start), ({ crc }) => crc);
    },
  };
  const kept = new KeptProofs({
    blobId,
    file,
    table,
    blocks,
    hasher,
    records: ledger.proofs,
    log: () => undefined,
  });
  const restored = async () =>
    (await kept.restore(() => undefined, never)).map(({ start, end }) => ({ start, end }));
  return { kept, table, read, restored };
}
const saveAll = ({ kept }: ReturnType<typeof openRun>) =>
  kept.save(PIECES.map((piece, term) => provedTerm({ term, ...piece }, 'terms', 'modern')));

/** Another time of change, as a process leaves that was killed while it wrote. */
async function touch(): Promise<void> {
  const { atime, mtime } = await stat(file);
  await utimes(file, atime, new Date(mtime.getTime() + 5000));
}

async function flip(at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = 8;
  await writeFile(file, bytes);
}

describe('pieces that were proved', () => {
  it('hold for a file that is unchanged, without a byte of it being read', async () => {
    await saveAll(openRun());
    const later = openRun();
    expect(await later.restored()).toEqual(PIECES);
    expect(later.read).toEqual([]);
  });

  it('hold for a file that was written to since, where its blocks are as they were checked', async () => {
    await saveAll(openRun());
    await touch();
    const later = openRun();
    expect(await later.restored()).toEqual(PIECES);
    expect(later.read.length).toBeGreaterThan(0);
  });

  it('do not hold where a block of them changed', async () => {
    await saveAll(openRun());
    await flip(2_500_000);
    expect(await openRun().restored()).toEqual([PIECES[0]]); // The block reaches into two pieces.
    await flip(100);
    expect(await openRun().restored()).toEqual([]);
  });

  it('do not hold for a changed file whose blocks nobody checked', async () => {
    await saveAll(openRun());
    await touch();
    expect(await openRun(false).restored()).toEqual([]);
  });

  it('hold after a run that ended in order, whatever it wrote elsewhere in the file', async () => {
    const first = openRun();
    await saveAll(first);
    await touch();
    await first.kept.seal();
    const later = openRun(false);
    expect(await later.restored()).toEqual(PIECES);
  });

  it('do not hold where bytes of them are missing or were given up', async () => {
    const first = openRun();
    await saveAll(first);
    first.kept.forget([{ start: 0, end: 1 }]);
    const later = openRun();
    later.table.reopenRanges([{ start: 3_200_000, end: 3_200_001 }]);
    expect(await later.restored()).toEqual([PIECES[1]]);
  });
});
