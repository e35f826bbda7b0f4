import { describe, expect, it } from 'vitest';
import { checkContents } from './check-contents.ts';

const SHA = 'a'.repeat(64);
const file = (path: string, size: number, hash = SHA) => ({ path, size, hash, algorithm: 'sha256' as const });

describe('checkContents', () => {
  it('lets several names of one content pass, and empty files', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const emptyGit = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
    checkContents([
      file('a', 3),
      file('b', 3),
      file('c', 0, empty),
      { ...file('d', 0, emptyGit), algorithm: 'git-sha1' },
    ]);
  });

  it('refuses one hash with two lengths', () => {
    expect(() => checkContents([file('a', 3), file('b', 4)])).toThrow(
      expect.objectContaining({
        code: 'HashMismatch',
        message: expect.stringContaining('two sizes (3 and 4)'),
      }),
    );
  });

  it('refuses no bytes with the hash of some', () => {
    expect(() => checkContents([file('a', 0)])).toThrow(expect.objectContaining({ code: 'HashMismatch' }));
  });
});
