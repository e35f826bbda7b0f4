import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, cutAtBlocks } from '../../shared/model/block.ts';
import { BlockCrcs, combineCrcs } from './block-crc.ts';

describe('BlockCrcs', () => {
  const bytes = randomBytes(3 * BLOCK_BYTES);

  it.each([
    [0, 3 * BLOCK_BYTES, 700_001],
    [BLOCK_BYTES - 5, BLOCK_BYTES + 5, 3],
    [100, 2 * BLOCK_BYTES, 1 << 20],
    [7, 7, 1],
  ])('cuts %d to %d at the borders of blocks, whatever the pieces', (start, end, piece) => {
    const crcs = new BlockCrcs(start);
    for (let at = start; at < end; at += piece) crcs.add(bytes.subarray(at, Math.min(end, at + piece)));
    const expected = cutAtBlocks({ start, end }).map((part) => crc32(bytes.subarray(part.start, part.end)));
    expect([...crcs.crcs]).toEqual(expected);
  });
});

describe('combineCrcs', () => {
  it.each([0, 1, 2, 255, 4096, 99_999, BLOCK_BYTES - 1])(
    'equals one pass, with %d bytes behind',
    (length) => {
      const bytes = randomBytes(BLOCK_BYTES);
      const [first, second] = [
        bytes.subarray(0, bytes.length - length),
        bytes.subarray(bytes.length - length),
      ];
      expect(combineCrcs(crc32(first), crc32(second), length)).toBe(crc32(bytes));
    },
  );
});
