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

/** A content of eight pieces, and a Hub whose hash of one of them is wrong. */
function open(badTerm: number) {
  let nowMs = 0;
  const judgedAlone: number[] = [];
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
    judge: async () => terms.map((_, index) => verdict(index)),
  };
  const table = new ChunkTable(planChunks(TERMS * TERM, TERM));
  const proofs = new PieceProofs({
    path: 'model.bin',
    file: '/nowhere',
    table,
    hasher: { pieces: async () => Promise.reject(new Error('not asked')), hash: async () => 'digest' },
    openProver: async () => prover as unknown as PieceProver,
    onBad: (ranges, arrived) => opened.push({ ranges, arrived }),
    onJudged: () => undefined,
    log: () => undefined,
    now: () => nowMs,
  });
  proofs.watch();
  /** Delivers a piece, that many milliseconds after the previous one. */
  const arrive = async (index: number, afterMs: number) => {
    nowMs += afterMs;
    const chunk = table.chunks[index];
    if (!chunk) throw new Error('no such chunk');
    table.markReceived(chunk, chunk.range);
    proofs.received(chunk.range);
    await new Promise(setImmediate);
  };
  const start = () => new Promise(setImmediate);
  return { proofs, arrive, start, judgedAlone, opened };
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
