import { describe, expect, it } from 'vitest';
import { planChunks } from '../../transfer/chunk-plan.ts';
import { ChunkTable } from '../../transfer/chunk-table.ts';
import { IntegrityVerifier } from './integrity-verifier.ts';
import type { RunningHash } from './running-hash.ts';

const CONTENT = { path: 'model.bin', hash: 'right' };

/** Three whole chunks with recorded hashes `a`, `b`, `c`, and a file hash that gives `digests` one after the other. */
function setUp(digests: string[]) {
  const table = new ChunkTable(planChunks(30, 10));
  for (const [index, sha256] of ['a', 'b', 'c'].entries()) {
    const range = { start: index * 10, end: index * 10 + 10 };
    table.restore(index, [range], { sha256, suspect: false, committed: true });
    table.chunks[index]!.checked = true;
  }
  const told: string[] = [];
  const hash = { advance: async () => digests.shift() ?? null, restart: () => told.push('restart') };
  const judge = new IntegrityVerifier({
    content: CONTENT,
    table,
    hash: hash as unknown as RunningHash,
    log: () => undefined,
    onChange: ({ index }) => told.push(`change ${index}`),
    onWork: () => told.push('work'),
    onRecheck: () => told.push('recheck'),
    explain: async () => false,
    onRepaired: (chunk) => told.push(`repaired ${chunk}`),
  });
  return { table, judge, told, chunk: (index: number) => table.chunks[index]! };
}

describe('IntegrityVerifier', () => {
  it('accepts a file with the right hash', async () => {
    const { judge, told } = setUp(['right']);
    expect(await judge.advance()).toBe(true);
    expect(told).toEqual([]);
  });

  it('reads all chunks again before it suspects what the Hub sent', async () => {
    const { judge, told, table } = setUp(['wrong']);
    expect(await judge.advance()).toBe(false);
    expect(told).toEqual(['restart', 'recheck']);
    expect(table.chunks.map(({ checked }) => checked)).toEqual([false, false, false]);
    expect(judge.isRepairing).toBe(false);
  });

  it('fetches only the chunk that changed on the disk', async () => {
    const { judge, told, table, chunk } = setUp(['wrong', 'right']);
    await judge.advance();
    told.length = 0;
    for (const [index, digest] of ['a', 'other', 'c'].entries()) judge.onChunkHashed(chunk(index), digest);
    expect(told).toEqual(['change 1', 'work']);
    expect(table.receivedBytes).toBe(20);
    table.markReceived(chunk(1), chunk(1).range);
    judge.onChunkHashed(chunk(1), 'b');
    expect(told).toContain('repaired 1');
    expect(chunk(1).suspect).toBe(false);
    expect(await judge.advance()).toBe(true);
  });

  it('suspects the line when the disk is as recorded', async () => {
    const { judge, chunk } = setUp(['wrong', 'wrong']);
    await judge.advance();
    for (const [index, digest] of ['a', 'b', 'c'].entries()) judge.onChunkHashed(chunk(index), digest);
    await judge.advance();
    expect(judge.isRepairing).toBe(true);
    expect(judge.openNext()).toBe(true);
    expect(chunk(0).refetch).toBe('suspected');
  });

  it('blames the Hub when every chunk came twice the same', async () => {
    const { judge, table, chunk } = setUp(['wrong', 'wrong']);
    await judge.advance();
    for (const [index, digest] of ['a', 'b', 'c'].entries()) judge.onChunkHashed(chunk(index), digest);
    await judge.advance();
    const fetchSame = (index: number, digest: string) => {
      judge.openNext();
      table.markReceived(chunk(index), chunk(index).range);
      judge.onChunkHashed(chunk(index), digest);
    };
    fetchSame(0, 'a');
    fetchSame(1, 'b');
    expect(() => fetchSame(2, 'c')).toThrow(/announces/);
  });
});
