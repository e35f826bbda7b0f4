import { type ByteRanges, totalLength } from '../../../shared/model/byte-range.ts';
import type { Judgement, JudgementMethod } from '../../../shared/model/judgement.ts';
import type { ProofMethod, TermVerdict } from '../../sources/xet/proof/verdict.ts';

/** The hash of a file is a root over chunks, like that of a xorb. */
const SHOWN: Readonly<Record<ProofMethod, JudgementMethod>> = {
  terms: 'terms',
  xorbs: 'xorbs',
  file: 'xorbs',
  nodes: 'nodes',
  chunks: 'chunks',
};

/** Summarizes verdicts in numbers. The method is that of what is wrong, else the one that proved most. */
export function summarize(verdicts: readonly TermVerdict[], judged: ByteRanges, arrived: boolean): Judgement {
  const count = (state: TermVerdict['state']) => verdicts.filter((verdict) => verdict.state === state).length;
  const method = commonMethod(verdicts.filter(({ state }) => state === 'bad')) ?? commonMethod(verdicts);
  return {
    pieces: verdicts.length,
    proved: count('proved'),
    bad: count('bad'),
    unproved: count('unproved'),
    bytes: totalLength(judged),
    badBytes: totalLength(verdicts.flatMap(({ bad }) => bad)),
    method: method === null ? null : SHOWN[method],
    arrived,
  };
}

function commonMethod(verdicts: readonly TermVerdict[]): ProofMethod | null {
  const methods = Map.groupBy(
    verdicts.flatMap(({ method }) => method ?? []),
    (method) => method,
  );
  return [...methods].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null;
}
