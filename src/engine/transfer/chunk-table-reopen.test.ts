import { describe, expect, it } from 'vitest';
import { planChunks } from './chunk-plan.ts';
import { ChunkTable } from './chunk-table.ts';

/** A table of three complete chunks of ten bytes each. */
function fullTable(): ChunkTable {
  const table = new ChunkTable(planChunks(30, 10));
  for (const { index, range } of table.chunks) {
    table.restore(index, [range], { sha256: 'a', suspect: false, committed: true });
  }
  return table;
}

describe('reopenParts', () => {
  it('reopens only the parts, which are fetched next', () => {
    const table = fullTable();
    const chunk = table.chunks[1]!;
    table.reopenParts(chunk, [
      { start: 12, end: 14 },
      { start: 17, end: 18 },
    ]);
    expect([table.receivedBytes, table.isComplete]).toEqual([27, false]);
    expect(chunk).toMatchObject({ sha256: null, checked: false, committed: false });
    const claims = [table.claimNext(), table.claimNext(), table.claimNext()];
    expect(claims.map((claim) => claim && [claim.start, claim.end])).toEqual([[12, 14], [17, 18], null]);
  });

  it('makes the chunk complete again once they have arrived', () => {
    const table = fullTable();
    const chunk = table.chunks[1]!;
    table.reopenParts(chunk, [{ start: 10, end: 20 }]);
    expect(chunk.received).toEqual([]);
    expect(table.markReceived(chunk, { start: 10, end: 20 })).toBe(true);
    expect([table.receivedBytes, table.isComplete]).toEqual([30, true]);
  });

  it('changes nothing where nothing was received', () => {
    const table = fullTable();
    const chunk = table.chunks[0]!;
    table.reopenParts(chunk, [{ start: 0, end: 5 }]);
    table.reopenParts(chunk, [{ start: 0, end: 5 }]);
    expect(table.receivedBytes).toBe(25);
  });
});
