import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { ByteRanges } from '../../shared/model/byte-range.ts';
import { planChunks } from '../transfer/chunk-plan.ts';
import { ChunkTable } from '../transfer/chunk-table.ts';
import { chunkHistory, liveStates, runsOf, storedStates } from './chunk-map.ts';

const NOTHING = { repaired: new Set<number>(), rescuedBytes: 0 };
const words = (states: Parameters<typeof runsOf>[0]) =>
  runsOf(states)
    .map(({ state, count }) => `${count} ${state}`)
    .join(', ');

function tableOf(chunks: number): ChunkTable {
  return new ChunkTable(planChunks(chunks * 10, 10));
}

const live = (table: ChunkTable, proved: ByteRanges = []) => ({
  table,
  activeClaims: table.activeClaims,
  proved,
});

describe('the map of a content that is being fetched', () => {
  it('tells what is done, received, receiving and waiting', () => {
    const table = tableOf(6);
    table.restore(0, [{ start: 0, end: 10 }], { sha256: 'x', suspect: false, committed: true });
    table.restore(1, [{ start: 10, end: 20 }], { suspect: false, committed: false });
    table.restore(2, [{ start: 20, end: 25 }], { suspect: false, committed: true });
    table.claimNext();
    table.restore(4, [{ start: 40, end: 45 }], { suspect: false, committed: true });
    expect(words(liveStates(live(table), new Set(), NOTHING))).toBe(
      '1 done, 1 received, 1 receiving, 1 waiting, 1 received, 1 waiting',
    );
  });

  it('does not call a chunk done before the ledger has it', () => {
    const table = tableOf(1);
    table.restore(0, [{ start: 0, end: 10 }], { sha256: 'x', suspect: false, committed: false });
    expect(words(liveStates(live(table), new Set(), NOTHING))).toBe('1 received');
  });

  it('tells what was rescued and what was repaired, but nothing of a chunk that has no bytes', () => {
    const table = tableOf(4);
    for (const index of [0, 1, 2]) {
      const range = { start: index * 10, end: index * 10 + 10 };
      table.restore(index, [range], { sha256: 'x', suspect: false, committed: true });
    }
    const history = { repaired: new Set([1, 3]), rescuedBytes: 0 };
    expect(words(liveStates(live(table), new Set([0, 3]), history))).toBe(
      '1 rescued, 1 repaired, 1 done, 1 waiting',
    );
  });
});

describe('chunks that the Hub proves', () => {
  const proved = [{ start: 0, end: 25 }];
  const whole = (table: ChunkTable, indexes: readonly number[]) => {
    for (const index of indexes) {
      const range = { start: index * 10, end: index * 10 + 10 };
      table.restore(index, [range], { sha256: null, suspect: true, committed: false });
    }
  };

  it('are a state of their own, when all of a chunk is proved', () => {
    const table = tableOf(4);
    whole(table, [0, 1, 2]);
    expect(words(liveStates(live(table, proved), new Set(), NOTHING))).toBe(
      '2 proved, 1 received, 1 waiting',
    );
  });

  it('says more than where the bytes are from, and less than that they were repaired', () => {
    const table = tableOf(3);
    whole(table, [0, 1, 2]);
    const history = { repaired: new Set([1]), rescuedBytes: 30 };
    expect(words(liveStates(live(table, proved), new Set(), history))).toBe(
      '1 proved, 1 repaired, 1 rescued',
    );
  });

  it('are not proved while bytes of them are missing', () => {
    const table = tableOf(1);
    table.restore(0, [{ start: 0, end: 5 }], { suspect: false, committed: true });
    expect(words(liveStates(live(table, proved), new Set(), NOTHING))).toBe('1 received');
  });
});

describe('the map of a content that nobody works on', () => {
  it('is what the ledger has', () => {
    const marks = [
      { index: 0, hashed: true, begun: true },
      { index: 1, hashed: false, begun: true },
      { index: 3, hashed: false, begun: false },
      { index: 99, hashed: true, begun: true },
    ];
    const plan = planChunks(40, 10);
    expect(words(storedStates(plan, marks, [], NOTHING))).toBe('1 done, 1 received, 2 waiting');
    expect(words(storedStates(plan, marks, [], { ...NOTHING, rescuedBytes: 15 }))).toBe(
      '1 rescued, 1 received, 2 waiting',
    );
    const proved = [{ start: 0, end: 20 }];
    expect(words(storedStates(plan, marks, proved, NOTHING))).toBe('1 proved, 1 received, 2 waiting');
  });
});

describe('the history of a file', () => {
  it('counts what came from elsewhere, and not what the ledger had', () => {
    const base = { seq: 1, time: '', download: 'd', path: 'a', chunks: 1 };
    const events: EngineEvent[] = [
      { ...base, event: 'rescued', fileBytes: 99, bytes: 5, source: 'ledger' },
      { ...base, event: 'rescued', fileBytes: 99, bytes: 7, source: 'partial' },
      { ...base, event: 'rescued', fileBytes: 99, bytes: 9, source: 'partial', path: 'b' },
      { ...base, event: 'repaired', chunk: 3, bytes: 10 },
      { ...base, event: 'repaired', chunk: 4, bytes: 10, path: 'b' },
    ];
    expect(chunkHistory(events, 'a')).toEqual({ repaired: new Set([3]), rescuedBytes: 7 });
  });
});
