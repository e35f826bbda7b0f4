import { describe, expect, it } from 'vitest';
import { readReconstruction, readWholeReconstruction } from './reconstruction.ts';

const XORB = 'a'.repeat(64);
const term = (length: number, start: number, end: number) => ({
  hash: XORB,
  unpacked_length: length,
  range: { start, end },
});
const URL = 'https://data.example/xorb?Signature=x';
const answer = (
  terms: ReturnType<typeof term>[],
  { offset = 0, bytes = { start: 0, end: 999_999 }, url = URL, chunks = { start: 0, end: 100 } } = {},
) => ({
  offset_into_first_range: offset,
  terms,
  xorbs: { [XORB]: [{ url, ranges: [{ chunks, bytes }] }] },
});
const TWO = [term(100_000, 0, 2), term(50_000, 2, 3)];

describe('a reconstruction', () => {
  it('places terms behind each other, and tells stored ranges with the byte behind', () => {
    const { terms, fetches } = readWholeReconstruction(answer(TWO), 150_000);
    expect(terms).toMatchObject([
      { start: 0, end: 100_000, chunkStart: 0, chunkEnd: 2 },
      { start: 100_000, end: 150_000, chunkStart: 2, chunkEnd: 3 },
    ]);
    expect(fetches.get(XORB)).toEqual([{ url: URL, chunkStart: 0, chunkEnd: 100, start: 0, end: 1_000_000 }]);
  });

  it('of a part may begin before it and end behind it', () => {
    const { terms } = readReconstruction(answer(TWO, { offset: 20_000 }), 30_000, 120_000);
    expect(terms.map(({ start, end }) => [start, end])).toEqual([
      [10_000, 110_000],
      [110_000, 160_000],
    ]);
  });

  it.each<[string, unknown, number, number]>([
    ['that begins before the file', answer(TWO, { offset: 20_001 }), 20_000, 120_000],
    ['that ends before the part', answer(TWO), 0, 150_001],
    ['whose first term ends before the part', answer(TWO, { offset: 100_000 }), 100_000, 120_000],
    ['whose last term begins behind the part', answer(TWO), 0, 100_000],
    ['of no terms', answer([]), 0, 1],
    ['of chunks longer than any', answer([term(131_073, 0, 1)]), 0, 131_073],
    ['of chunks of less than a byte', answer([term(2, 0, 3)]), 0, 2],
    ['of terms backwards', answer([term(100, 3, 2)]), 0, 100],
    ['of more chunks than a xorb has', answer([term(100_000, 8192, 8193)]), 0, 100_000],
    ['without data for a term', answer(TWO, { chunks: { start: 1, end: 100 } }), 0, 150_000],
    ['with an empty range', answer(TWO, { bytes: { start: 5, end: 4 } }), 0, 150_000],
    ['with a range longer than any xorb', answer(TWO, { bytes: { start: 0, end: 2 ** 40 } }), 0, 150_000],
    ['with a file for an address', answer(TWO, { url: 'file:///etc/passwd' }), 0, 150_000],
    ['that is none', [1, 2], 0, 1],
  ])('%s is refused', (_, value, start, end) => {
    expect(() => readReconstruction(value, start, end)).toThrow(
      expect.objectContaining({ name: 'XetFormatError' }),
    );
  });

  it('of a file of another size is refused', () => {
    expect(() => readWholeReconstruction(answer(TWO), 149_999)).toThrow(/150000 bytes for a file of 149999/);
  });
});
