import { describe, expect, it } from 'vitest';
import { isOutOfFiles, OpenFiles } from './open-files.ts';

describe('OpenFiles', () => {
  it('allows as many contents as wanted where many files may be open', () => {
    expect(new OpenFiles(1024).lanes(64)).toBe(64);
    expect(new OpenFiles(Number.POSITIVE_INFINITY).lanes(64)).toBe(64);
    expect(new OpenFiles().lanes(1)).toBe(1);
  });

  it('stays within a small number of files, and allows at least one content', () => {
    expect(new OpenFiles(100).lanes(64)).toBe(11);
    expect(new OpenFiles(100).lanes(4)).toBe(4);
    expect(new OpenFiles(40).lanes(64)).toBe(1);
  });

  it('halves what was too much, also where no limit is known', () => {
    const files = new OpenFiles(Number.POSITIVE_INFINITY);
    files.refused(64);
    expect(files.lanes(64)).toBe(32);
    files.refused(32);
    expect(files.lanes(64)).toBe(16);
    for (let n = 0; n < 10; n += 1) files.refused(files.lanes(64));
    expect(files.lanes(64)).toBe(1);
  });
});

describe('isOutOfFiles', () => {
  it('knows the limit of a process and that of a system', () => {
    expect(['EMFILE', 'ENFILE', 'ENOSPC'].map((errno) => isOutOfFiles({ details: { errno } }))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
