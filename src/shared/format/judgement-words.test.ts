import { expect, it } from 'vitest';
import { isJudgementNews, judgementWords } from './judgement-words.ts';

const JUDGED = { pieces: 142, proved: 141, bad: 1, unproved: 0, bytes: 7_100_000_000, badBytes: 48_000 };
const NODES = { path: 'm', method: 'nodes', arrived: false, damagedPieces: 0 } as const;

it.each([
  [
    { ...JUDGED, ...NODES },
    '7.1 GB of m checked piece by piece: 141 good, 1 damaged (48 KB to download again).',
  ],
  [
    { ...JUDGED, ...NODES, proved: 1, bad: 0, unproved: 2, badBytes: 0 },
    '7.1 GB of m checked piece by piece: 1 good, 2 not checked yet.',
  ],
  [
    { ...JUDGED, ...NODES, arrived: true, damagedPieces: 1 },
    'This connection damages data: a piece of m arrived wrong, and 48 KB of it is downloaded again.',
  ],
  [
    { ...JUDGED, ...NODES, arrived: true, damagedPieces: 3 },
    'This connection damages data: 3 pieces were downloaded again.',
  ],
])('tells a judgement (%#)', (judgement, words) => {
  expect(judgementWords(judgement)).toBe(words);
});

it('reports many damaged pieces now and then, and what was on disk before always', () => {
  const told = Array.from({ length: 1000 }, (_, index) => index + 1).filter((damagedPieces) =>
    isJudgementNews({ arrived: true, damagedPieces }),
  );
  expect(told).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]);
  expect(isJudgementNews({ arrived: false, damagedPieces: 3 })).toBe(true);
});
