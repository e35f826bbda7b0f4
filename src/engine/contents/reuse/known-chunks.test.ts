import { describe, expect, it } from 'vitest';
import { KnownChunks } from './known-chunks.ts';

const term = (chunkStart: number, chunkEnd: number, start: number, end: number) => ({
  xorb: 'x',
  chunkStart,
  chunkEnd,
  start,
  end,
});

/** Chunks 2 to 5 of a xorb, 10, 20, 30 and 40 bytes long, at offset 1000 of a file. */
function known() {
  const chunks = new KnownChunks();
  chunks.add('/old', term(2, 6, 1000, 1100), [10, 20, 30, 40]);
  return chunks;
}

describe('chunks that are here already', () => {
  it('copy a term of the same chunks in one piece', () => {
    expect(known().copiesFor(term(2, 6, 5000, 5100))).toEqual([
      { path: '/old', from: 1000, to: 5000, bytes: 100 },
    ]);
  });

  it('copy a term of some of them', () => {
    expect(known().copiesFor(term(3, 5, 0, 50))).toEqual([{ path: '/old', from: 1010, to: 0, bytes: 50 }]);
  });

  it('copy the front and the end of a term, if the middle is missing', () => {
    const chunks = known();
    chunks.add('/other', term(8, 9, 0, 7), [7]);
    expect(chunks.copiesFor(term(4, 9, 100, 300))).toEqual([
      { path: '/old', from: 1030, to: 100, bytes: 70 },
      { path: '/other', from: 0, to: 293, bytes: 7 },
    ]);
  });

  it('copy nothing that cannot be placed: in the middle of a term', () => {
    expect(known().copiesFor(term(1, 8, 0, 500))).toEqual([]);
  });

  it.each([
    ['another xorb', { ...term(2, 6, 0, 100), xorb: 'y' }],
    ['a term of another length', term(2, 6, 0, 99)],
    ['a term that is shorter than its front and its end', term(2, 8, 0, 60)],
  ])('bring nothing of %s', (_, wanted) => {
    expect(known().copiesFor(wanted)).toEqual([]);
  });
});
