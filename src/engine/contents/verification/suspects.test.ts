import { describe, expect, it } from 'vitest';
import { planChunks } from '../../transfer/chunk-plan.ts';
import { type Chunk, ChunkTable } from '../../transfer/chunk-table.ts';
import { compareCopies, Doubts } from './suspects.ts';

const hash = (digit: string) => digit.repeat(64);

/** A complete table of four chunks of ten bytes; those in `suspects` came over a troubled way. */
function fullTable(suspects: readonly number[] = []): ChunkTable {
  const table = new ChunkTable(planChunks(40, 10));
  for (const { index, range } of table.chunks) {
    table.restore(index, [range], {
      sha256: hash(String(index)),
      suspect: suspects.includes(index),
      committed: true,
    });
  }
  return table;
}

const chunkOf = (table: ChunkTable, index: number): Chunk => table.chunks[index] as Chunk;

/** Opens everything that waits; returns the indexes. */
function openAll(doubts: Doubts): number[] {
  const opened: number[] = [];
  for (let chunk = doubts.openNext(); chunk; chunk = doubts.openNext()) opened.push(chunk.index);
  return opened;
}

describe('compareCopies', () => {
  const reopened = (reason: 'damaged' | 'doubted', ...earlier: string[]): Chunk => ({
    ...chunkOf(fullTable(), 0),
    refetch: reason,
    earlierHashes: earlier,
  });

  it.each([
    ['a fresh copy of a damaged chunk replaces it', reopened('damaged', hash('a')), hash('b'), 'replaced'],
    ['two equal copies agree', reopened('doubted', hash('a')), hash('a'), 'same'],
    ['two different copies decide nothing', reopened('doubted', hash('a')), hash('b'), 'undecided'],
    [
      'a third copy equal to the first says that the first was right',
      reopened('doubted', hash('a'), hash('b')),
      hash('a'),
      'same',
    ],
    [
      'a third copy equal to the second replaces the first',
      reopened('doubted', hash('a'), hash('b')),
      hash('b'),
      'replaced',
    ],
    [
      'three different copies decide nothing',
      reopened('doubted', hash('a'), hash('b')),
      hash('c'),
      'undecided',
    ],
  ])('%s', (_case, chunk, digest, verdict) => {
    expect(compareCopies(chunk as Chunk, digest as string)).toBe(verdict);
  });
});

describe('Doubts', () => {
  it('doubts suspects first, then all others, then nothing', () => {
    const table = fullTable([1, 3]);
    const doubts = new Doubts(table);
    expect(doubts.begin()).toBe(true);
    expect(openAll(doubts)).toEqual([1, 3]);
    for (const index of [1, 3]) doubts.settle(chunkOf(table, index), false);
    expect(doubts.begin()).toBe(true);
    expect(openAll(doubts)).toEqual([0, 2]);
    for (const index of [0, 2]) doubts.settle(chunkOf(table, index), false);
    expect(doubts.begin()).toBe(false);
  });

  it('doubts every chunk at once when none is suspect', () => {
    const doubts = new Doubts(fullTable());
    doubts.begin();
    expect(openAll(doubts)).toEqual([0, 1, 2, 3]);
  });

  it('opens a chunk only when it is asked for the next one', () => {
    const table = fullTable();
    const doubts = new Doubts(table);
    doubts.begin();
    expect([table.receivedBytes, doubts.count, doubts.hasNext(), doubts.isActive]).toEqual([
      40,
      4,
      true,
      true,
    ]);
    doubts.openNext();
    expect([table.receivedBytes, doubts.count]).toEqual([30, 4]);
    expect(chunkOf(table, 0)).toMatchObject({ refetch: 'doubted', earlierHashes: [hash('0')], received: [] });
  });

  it('is active until the last opened chunk is settled', () => {
    const table = fullTable([2]);
    const doubts = new Doubts(table);
    doubts.begin();
    openAll(doubts);
    expect([doubts.hasNext(), doubts.isActive]).toEqual([false, true]);
    doubts.settle(chunkOf(table, 2), false);
    expect([doubts.isActive, doubts.count]).toEqual([false, 0]);
    expect(chunkOf(table, 2)).toMatchObject({ refetch: null, earlierHashes: [] });
  });

  it('tells once that something was replaced', () => {
    const table = fullTable([0]);
    const doubts = new Doubts(table);
    doubts.begin();
    openAll(doubts);
    doubts.settle(chunkOf(table, 0), true);
    expect([doubts.takeReplaced(), doubts.takeReplaced()]).toEqual([true, false]);
  });

  it('does not count a chunk that it did not open', () => {
    const table = fullTable();
    const doubts = new Doubts(table);
    doubts.settle(chunkOf(table, 0), true);
    expect(doubts.takeReplaced()).toBe(false);
    doubts.begin();
    expect(doubts.count).toBe(4);
  });

  it('ends a round at the first bad chunk, so that the file is hashed before the rest is fetched', () => {
    const table = fullTable();
    const doubts = new Doubts(table);
    doubts.begin();
    doubts.openNext();
    doubts.settle(chunkOf(table, 0), true);
    expect([doubts.isActive, doubts.takeReplaced()]).toEqual([false, true]);
    expect(doubts.begin()).toBe(true);
    expect(openAll(doubts)).toEqual([1, 2, 3]);
  });

  it('compares everything once several chunks were bad', () => {
    const table = fullTable();
    const doubts = new Doubts(table);
    for (let index = 0; index < 3; index += 1) {
      doubts.begin();
      doubts.openNext();
      doubts.settle(chunkOf(table, index), true);
      expect(doubts.isActive).toBe(false);
    }
    doubts.begin();
    doubts.openNext();
    doubts.settle(chunkOf(table, 3), true);
    expect(doubts.begin()).toBe(false);
  });
});
