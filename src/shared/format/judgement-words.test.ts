import { expect, it } from 'vitest';
import { judgementWords } from './judgement-words.ts';

const JUDGED = { pieces: 142, proved: 141, bad: 1, unproved: 0, bytes: 7_100_000_000, badBytes: 48_000 };
const NODES = { method: 'nodes', arrived: false } as const;

it.each([
  [
    { ...JUDGED, ...NODES },
    '7.1 GB of m checked with the Hub’s hashes: 141 pieces right, 1 damaged (48 KB to fetch).',
  ],
  [
    { ...JUDGED, ...NODES, proved: 1, bad: 0, unproved: 2, badBytes: 0 },
    '7.1 GB of m checked with the Hub’s hashes: 1 piece right, 2 not decided yet.',
  ],
  [
    { ...JUDGED, ...NODES, arrived: true },
    'This connection damages data: a piece of m arrived wrong, and 48 KB of it are fetched again.',
  ],
])('tells a judgement (%#)', (judgement, words) => {
  expect(judgementWords('m', judgement)).toBe(words);
});
