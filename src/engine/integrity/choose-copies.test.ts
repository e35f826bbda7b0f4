import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chooseCopies } from './choose-copies.ts';
import type { FilePart } from './hash-protocol.ts';

const SIZE = 1000;
/** Files by name: `old` is in place, the others hold copies of its parts at the same offsets. */
const files: Readonly<Record<string, Buffer>> = {
  old: randomBytes(SIZE),
  new: randomBytes(SIZE),
  third: randomBytes(SIZE),
};
const PARTS = [
  { start: 0, end: 100 },
  { start: 300, end: 400 },
  { start: 400, end: 450 },
  { start: 900, end: SIZE },
];

/** The file that has the n-th copy of each part. */
function mixed(names: readonly string[]): Buffer {
  const bytes = Buffer.from(files.old!);
  for (const [index, { start, end }] of PARTS.entries()) {
    files[names[index]!]!.copy(bytes, start, start, end);
  }
  return bytes;
}

function choose(names: readonly string[], copies: readonly string[] = ['new', 'old'], prefix = '') {
  const expected = createHash('sha256').update(prefix).update(mixed(names)).digest('hex');
  let readBytes = 0;
  const read = ({ path, start, end }: FilePart, take: (bytes: Buffer) => void) => {
    readBytes += end - start;
    take(files[path]!.subarray(start, end));
  };
  const parts = PARTS.map((part) => ({ ...part, copies: copies.map((path) => ({ path, ...part })) }));
  const file = { path: 'old', start: 0, end: SIZE };
  return { found: chooseCopies(file, { algorithm: 'sha256', prefix, expected, parts }, read), readBytes };
}

describe('chooseCopies', () => {
  it('tries the first copies first, in one pass', () => {
    expect(choose(['new', 'new', 'new', 'new'])).toEqual({ found: [0, 0, 0, 0], readBytes: SIZE });
  });

  it.each(Array.from({ length: 16 }, (_, mask) => PARTS.map((_part, bit) => (mask >> bit) & 1)))(
    'finds the combination %j %j %j %j',
    (...found) => {
      expect(choose(found.map((copy) => (copy === 0 ? 'new' : 'old'))).found).toEqual(found);
    },
  );

  it('reads what lies before a part once for all combinations behind it', () => {
    const { found, readBytes } = choose(['old', 'third', 'old', 'old']);
    expect(found).toBeNull();
    // 2 × (100 + 200), 4 × 100, 8 × (50 + 450), 16 × 100 bytes.
    expect(readBytes).toBe(2 * 300 + 4 * 100 + 8 * 500 + 16 * 100);
  });

  it('takes one of three copies', () => {
    expect(choose(['third', 'old', 'new', 'third'], ['third', 'new', 'old']).found).toEqual([0, 2, 1, 0]);
  });

  it('hashes what git has before a content', () => {
    expect(choose(['new', 'old', 'new', 'old'], ['new', 'old'], 'blob 1000\0').found).toEqual([0, 1, 0, 1]);
  });
});
