import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writtenParts } from './written-parts.ts';

const PAGE = 4096;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'haulyard-parts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Returns the parts found in a sparse file of `size` bytes into which `parts` were written, without zeros. */
function found(
  size: number,
  parts: ReadonlyArray<readonly [number, number]>,
  maxBytes = size,
): Array<[number, number]> {
  const fd = openSync(join(folder, 'partial'), 'w+');
  try {
    ftruncateSync(fd, size);
    for (const [start, end] of parts) writeSync(fd, Buffer.alloc(end - start, 7), 0, end - start, start);
    return writtenParts(fd, maxBytes);
  } finally {
    closeSync(fd);
  }
}

describe('writtenParts', () => {
  it('reads no further than its limit, however long the file is', () => {
    const startMs = performance.now();
    expect(found(2 ** 43, [[10, 20]], 3 * PAGE)).toEqual([[10, 20]]);
    expect(found(10 * PAGE, [[PAGE, 9 * PAGE]], 3 * PAGE)).toEqual([[PAGE, 3 * PAGE]]);
    expect(performance.now() - startMs).toBeLessThan(5000);
  });

  it.each<[string, number, Array<[number, number]>]>([
    ['an empty file', 0, []],
    ['nothing but holes', 10 * PAGE, []],
    ['a file without holes', 3 * PAGE + 5, [[0, 3 * PAGE + 5]]],
    ['a part that ends in the middle of a page', 10 * PAGE, [[0, PAGE + 100]]],
    ['a part that begins in the middle of a page', 10 * PAGE, [[PAGE + 100, 3 * PAGE]]],
    [
      'parts with empty pages between them',
      10 * PAGE,
      [
        [0, 10],
        [5 * PAGE, 6 * PAGE],
      ],
    ],
    ['a single byte at the end', 10 * PAGE, [[10 * PAGE - 1, 10 * PAGE]]],
    [
      'parts on both sides of a read',
      600 * PAGE,
      [
        [255 * PAGE, 257 * PAGE],
        [512 * PAGE, 513 * PAGE],
      ],
    ],
  ])('finds %s', (_case, size, parts) => {
    expect(found(size, parts)).toEqual(parts);
  });

  it('never leaves out a byte that is not zero, and begins and ends each part with one', () => {
    const part = fc.tuple(fc.nat(40 * PAGE), fc.integer({ min: 1, max: 3 * PAGE }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (drawn) => {
        const size = 50 * PAGE;
        const content = Buffer.alloc(size);
        const parts = drawn.map(([start, length]) => [start, start + length] as const);
        for (const [start, end] of parts) content.fill(7, start, end);
        const result = found(size, parts);
        const covered = Buffer.alloc(size);
        for (const [start, end] of result) {
          covered.fill(7, start, end);
          expect([content[start], content[end - 1]]).toEqual([7, 7]);
        }
        for (let at = 0; at < size; at += 1)
          if (content[at] !== 0 && covered[at] === 0) throw new Error(`${at}`);
      }),
      { numRuns: 40 },
    );
  });
});
