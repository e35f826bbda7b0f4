import { describe, expect, it } from 'vitest';
import { planChunks } from '../../transfer/chunk-plan.ts';
import { type Chunk, ChunkTable } from '../../transfer/chunk-table.ts';
import { compareCopies, Suspects } from './suspects.ts';

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
function openAll(suspects: Suspects): number[] {
  const opened: number[] = [];
  for (let chunk = suspects.openNext(); chunk; chunk = suspects.openNext()) opened.push(chunk.index);
  return opened;
}

describe('compareCopies', () => {
  const reopened = (reason: 'damaged' | 'suspected', ...earlier: string[]): Chunk => ({
    ...chunkOf(fullTable(), 0),
    refetch: reason,
    earlierHashes: earlier,
  });

  it.each([
    ['a fresh copy of a damaged chunk replaces it', reopened('damaged', hash('a')), hash('b'), 'replaced'],
    ['two equal copies agree', reopened('suspected', hash('a')), hash('a'), 'same'],
    ['two different copies decide nothing', reopened('suspected', hash('a')), hash('b'), 'undecided'],
    [
      'a third copy equal to the first says that the first was right',
      reopened('suspected', hash('a'), hash('b')),
      hash('a'),
      'same',
    ],
    [
      'a third copy equal to the second replaces the first',
      reopened('suspected', hash('a'), hash('b')),
      hash('b'),
      'replaced',
    ],
    [
      'three different copies decide nothing',
      reopened('suspected', hash('a'), hash('b')),
      hash('c'),
      'undecided',
    ],
  ])('%s', (_case, chunk, digest, verdict) => {
    expect(compareCopies(chunk as Chunk, digest as string)).toBe(verdict);
  });
});

describe('Suspects', () => {
  it('suspects suspects first, then all others, then nothing', () => {
    const table = fullTable([1, 3]);
    const suspects = new Suspects(table);
    expect(suspects.begin()).toBe(true);
    expect(openAll(suspects)).toEqual([1, 3]);
    for (const index of [1, 3]) suspects.settle(chunkOf(table, index), false);
    expect(suspects.begin()).toBe(true);
    expect(openAll(suspects)).toEqual([0, 2]);
    for (const index of [0, 2]) suspects.settle(chunkOf(table, index), false);
    expect(suspects.begin()).toBe(false);
  });

  it('suspects every chunk at once when none is suspect', () => {
    const suspects = new Suspects(fullTable());
    suspects.begin();
    expect(openAll(suspects)).toEqual([0, 1, 2, 3]);
  });

  it('opens a chunk only when it is asked for the next one', () => {
    const table = fullTable();
    const suspects = new Suspects(table);
    suspects.begin();
    expect([table.receivedBytes, suspects.count, suspects.hasNext(), suspects.isActive]).toEqual([
      40,
      4,
      true,
      true,
    ]);
    suspects.openNext();
    expect([table.receivedBytes, suspects.count]).toEqual([30, 4]);
    expect(chunkOf(table, 0)).toMatchObject({
      refetch: 'suspected',
      earlierHashes: [hash('0')],
      received: [],
    });
  });

  it('is active until the last opened chunk is settled', () => {
    const table = fullTable([2]);
    const suspects = new Suspects(table);
    suspects.begin();
    openAll(suspects);
    expect([suspects.hasNext(), suspects.isActive]).toEqual([false, true]);
    suspects.settle(chunkOf(table, 2), false);
    expect([suspects.isActive, suspects.count]).toEqual([false, 0]);
    expect(chunkOf(table, 2)).toMatchObject({ refetch: null, earlierHashes: [] });
  });

  it('tells once that something was replaced', () => {
    const table = fullTable([0]);
    const suspects = new Suspects(table);
    suspects.begin();
    openAll(suspects);
    suspects.settle(chunkOf(table, 0), true);
    expect([suspects.takeReplaced(), suspects.takeReplaced()]).toEqual([true, false]);
  });

  it('does not count a chunk that it did not open', () => {
    const table = fullTable();
    const suspects = new Suspects(table);
    suspects.settle(chunkOf(table, 0), true);
    expect(suspects.takeReplaced()).toBe(false);
    suspects.begin();
    expect(suspects.count).toBe(4);
  });

  it('ends a round at the first bad chunk, so that the file is hashed before the rest is fetched', () => {
    const table = fullTable();
    const suspects = new Suspects(table);
    suspects.begin();
    suspects.openNext();
    suspects.settle(chunkOf(table, 0), true);
    expect([suspects.isActive, suspects.takeReplaced()]).toEqual([false, true]);
    expect(suspects.begin()).toBe(true);
    expect(openAll(suspects)).toEqual([1, 2, 3]);
  });

  it('compares everything once several chunks were bad', () => {
    const table = fullTable();
    const suspects = new Suspects(table);
    for (let index = 0; index < 3; index += 1) {
      suspects.begin();
      suspects.openNext();
      suspects.settle(chunkOf(table, index), true);
      expect(suspects.isActive).toBe(false);
    }
    suspects.begin();
    suspects.openNext();
    suspects.settle(chunkOf(table, 3), true);
    expect(suspects.begin()).toBe(false);
  });
});
