import { describe, expect, it } from 'vitest';
import type { ByteRanges } from '../../../shared/model/byte-range.ts';
import type { PieceProver } from '../../sources/xet/proof/prover.ts';
import { provedTerm } from '../../sources/xet/proof/verdict.ts';
import { planChunks } from '../../transfer/chunk-plan.ts';
import { ChunkTable } from '../../transfer/chunk-table.ts';
import { PieceProofs } from './piece-proofs.ts';

const MB = 1_000_000;
const TERM = 50 * MB;
const TERMS = 8;

/** A content of eight pieces, and a Hub whose hash of one of them is wrong; some were proved `earlier`. */
function open(badTerm: number, earlier: readonly number[] = []) {
  let nowMs = 0;
  let asked = 0;
  const judgedAlone: number[] = [];
  const judgedTogether: number[][] = [];
  const saved: number[] = [];
  const given: ByteRanges[] = [];
  const opened: Array<{ ranges: ByteRanges; arrived: boolean }> = [];
  const terms = Array.from({ length: TERMS }, (_, index) => ({
    start: index * TERM,
    end: (index + 1) * TERM,
  }));
  const verdict = (term: number) => {
    const proved = provedTerm(
      { term, ...(terms[term] as { start: number; end: number }) },
      'terms',
      'modern',
    );
    if (term !== badTerm) return proved;
    const bad = [{ start: proved.start + 5, end: proved.start + 1005 }];
    return { ...proved, state: 'bad' as const, bad, proved: [] };
  };
  const prover = {
    terms,
    judgeTerm: async (index: number) => {
      judgedAlone.push(index);
      return verdict(index);
    },
    judge: async (_: unknown, __: unknown, ___: unknown, known: ReadonlySet<number>) => {
      const wanted = [...terms.keys()].filter((index) => !known.has(index));
      judgedTogether.push(wanted);
      return wanted.map(verdict);
    },
    recall: () => undefined,
  };
  const table = new ChunkTable(planChunks(TERMS * TERM, TERM));
  const proofs = new PieceProofs({
    path: 'model.bin',
    file: '/nowhere',
    table,
    hasher: { pieces: async () => Promise.reject(new Error('not asked')), hash: async () => 'digest' },
    kept: {
      restore: async () =>
        earlier.map((index) => ({ ...terms[index]!, identity: '', method: 'terms' as const, bad: [] })),
      save: async (verdicts) => {
        saved.push(...verdicts.flatMap(({ term, state }) => (state === 'proved' ? [term] : [])));
      },
      forget: (ranges) => given.push(ranges),
      seal: async () => undefined,
    },
    openProver: async () => {
      asked += 1;
      return prover as unknown as PieceProver;
    },
    onBad: (ranges, arrived) => opened.push({ ranges, arrived }),
    onJudged: () => undefined,
    log: () => undefined,
    now: () => nowMs,
  });
  /** Delivers a piece, that many milliseconds after the previous one. */
  const arrive = async (index: number, afterMs: number) => {
    nowMs += afterMs;
    const chunk = table.chunks[index];
    if (!chunk) throw new Error('no such chunk');
    table.markReceived(chunk, chunk.range);
    proofs.received(chunk.range);
    await new Promise(setImmediate);
  };
  const start = () => {
    proofs.watch();
    return new Promise(setImmediate);
  };
  const asks = () => asked;
  return { proofs, table, arrive, start, judgedAlone, judgedTogether, saved, given, asks, opened };
}

describe('pieces that arrive', () => {
  it('are judged one by one, and what is wrong is opened at once', async () => {
    const { arrive, start, judgedAlone, opened } = open(2);
    await start();
    for (let index = 0; index < 4; index += 1) await arrive(index, 1000);
    expect(judgedAlone).toEqual([0, 1, 2, 3]);
    expect(opened).toEqual([{ ranges: [{ start: 2 * TERM + 5, end: 2 * TERM + 1005 }], arrived: true }]);
  });

  it('faster than any line brings them are not judged, until they come slower', async () => {
    const { arrive, start, judgedAlone, opened } = open(6);
    await start();
    for (let index = 0; index < 7; index += 1) await arrive(index, 100);
    expect(judgedAlone.length).toBeLessThan(4);
    expect(opened).toEqual([]);
    await arrive(7, 5000);
    expect(judgedAlone.length).toBeLessThan(4); // It is complete: the file hash decides.
  });

  it('are judged later, when the line became slower', async () => {
    const { arrive, start, judgedAlone, opened } = open(5);
    await start();
    for (let index = 0; index < 6; index += 1) await arrive(index, 100);
    expect(judgedAlone).not.toContain(5);
    await arrive(6, 5000);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect([...judgedAlone].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(opened).toHaveLength(1);
  });

  it('that were not judged are, when the file does not have its hash', async () => {
    const { proofs, arrive, start, opened } = open(6);
    await start();
    for (let index = 0; index < TERMS; index += 1) await arrive(index, 100);
    expect(opened).toEqual([]);
    expect(await proofs.explain()).toBe(true);
    expect(opened).toEqual([{ ranges: [{ start: 6 * TERM + 5, end: 6 * TERM + 1005 }], arrived: true }]);
  });
});

describe('pieces that were proved in an earlier run', () => {
  const never = new AbortController().signal;
  const judge = async (opened: ReturnType<typeof open>, here: readonly number[]) => {
    for (const index of here) {
      const chunk = opened.table.chunks[index]!;
      opened.table.restore(index, [chunk.range], { suspect: false, committed: true });
    }
    await opened.proofs.judgeHere(() => undefined, never);
  };

  it('are not judged again, and nothing is asked when there are no others', async () => {
    const all = open(-1, [0, 1, 2]);
    await judge(all, [0, 1, 2]);
    expect(all.judgedTogether).toEqual([]);
    expect(all.asks()).toBe(0);
    expect(all.proofs.proved).toEqual([{ start: 0, end: 3 * TERM }]);
  });

  it('are left out where others are judged, and those are kept', async () => {
    const some = open(-1, [0, 1, 3]);
    await judge(some, [0, 1, 2, 3]);
    expect(some.judgedTogether).toEqual([[2, 4, 5, 6, 7]]);
    expect(some.saved).toEqual([2, 4, 5, 6, 7]);
    await some.start();
    expect(some.judgedAlone).toEqual([]);
  });

  it('are kept as soon as they arrive', async () => {
    const { arrive, start, saved } = open(1);
    await start();
    for (const index of [0, 1, 2]) await arrive(index, 1000);
    expect(saved).toEqual([0, 2]);
  });

  it('are judged anew once their bytes are given up and here again', async () => {
    const { proofs, table, arrive, start, judgedAlone, given } = open(-1);
    await start();
    await arrive(3, 1000);
    const part = [{ start: 3 * TERM + 9, end: 3 * TERM + 10 }];
    table.reopenRanges(part);
    proofs.forget(part);
    expect(given).toEqual([part]);
    expect(proofs.proved).toEqual([]);
    await arrive(3, 1000);
    expect(judgedAlone).toEqual([3, 3]);
  });

  it('are not believed when the file does not have its hash', async () => {
    const wrong = open(5, [0, 1, 2, 3, 4, 5, 6, 7]);
    await judge(wrong, [0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await wrong.proofs.explain()).toBe(true);
    expect(wrong.judgedTogether).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
    expect(wrong.opened).toHaveLength(1);
  });
});
