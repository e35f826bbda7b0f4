import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFilePath, checkFilePaths } from './file-path.ts';

const unsafe = expect.objectContaining({ code: 'PathUnsafe' });

describe('checkFilePath', () => {
  it.each([
    ['empty', ''],
    ['absolute', '/etc/passwd'],
    ['a UNC path with slashes', '//server/share'],
    ['a UNC path with backslashes', '\\\\server\\share'],
    ['a drive letter', 'C:/windows'],
    ['a drive letter without a slash', 'c:file'],
    ['a parent segment', '../x'],
    ['a parent segment inside', 'a/../../x'],
    ['a parent segment at the end', 'a/..'],
    ['a parent segment hidden by a space', 'a/.. /x'],
    ['a dot segment', 'a/./b'],
    ['an empty segment', 'a//b'],
    ['a slash at the end', 'a/'],
    ['a backslash', 'a\\b'],
    ['NUL', 'a\0b'],
    ['a line feed', 'a\nb'],
    ['an escape sequence', 'a\u001b[2Jb'],
    ['a C1 control character', 'a\u009bb'],
    ['a lone surrogate', 'a\ud800b'],
    ['a segment of 256 bytes', 'é'.repeat(128)],
    ['more than 1000 characters', `${'abcdefghi/'.repeat(100)}x`],
  ])('refuses %s', (_what, path) => {
    expect(() => checkFilePath(path)).toThrow(unsafe);
  });

  it.each([
    'config.json',
    '.gitattributes',
    'a/b/c.safetensors',
    'tokenizer-e351c8d8-checkpoint125.safetensors',
    'naïve 模型.bin',
    '..hidden',
    'a..b/..c',
    'con',
    'é'.repeat(127),
  ])('accepts %j', (path) => {
    expect(() => checkFilePath(path)).not.toThrow();
  });

  it.each(['con', 'a/NUL.txt', 'com1', 'lpt³.bin', 'ab:c', 'what?.bin', 'folder./x', 'end '])(
    'refuses %j on Windows alone',
    (path) => {
      expect(() => checkFilePath(path)).not.toThrow();
      expect(() => checkFilePath(path, { onWindows: true })).toThrow(unsafe);
    },
  );

  it.each(['config.json', 'console.bin', 'null', 'com10', '.gitattributes'])(
    'accepts %j on Windows',
    (path) => expect(() => checkFilePath(path, { onWindows: true })).not.toThrow(),
  );

  it('puts no control character into its message', () => {
    expect(() => checkFilePath('a\u001b[31m\u009b')).toThrow(/^[^\p{Cc}]+$/u);
  });

  it('accepts nothing that leaves the folder it is joined to', () => {
    const text = fc.string({ unit: fc.constantFrom('.', '/', '\\', 'a', ' ', ':', '\0') });
    fc.assert(
      fc.property(text, (path) => {
        if (accepted(path)) {
          // The dot keeps a name such as `a.:` from being parsed as the scheme of a URL.
          expect(new URL(`./${path.replaceAll(' ', '%20')}`, 'file:///safe/folder/').pathname).toMatch(
            /^\/safe\/folder\/./,
          );
        }
      }),
    );
  });
});

describe('checkFilePaths', () => {
  const exact = { caseInsensitive: false };
  const folding = { caseInsensitive: true };

  it('accepts files side by side', () => {
    expect(() => checkFilePaths(['a', 'b/a', 'b/a.txt', 'b-c', 'b/c/d'], exact)).not.toThrow();
  });

  it('refuses each unsafe path', () => {
    expect(() => checkFilePaths(['a', '../b'], exact)).toThrow(unsafe);
  });

  it('refuses the same path twice', () => {
    expect(() => checkFilePaths(['a', 'b', 'a'], exact)).toThrow(unsafe);
  });

  it('rejects a file that is also a folder, whatever sorts between them, and names both', () => {
    expect(() => checkFilePaths(['a/b', 'a-x', 'a.txt', 'a'], exact)).toThrow(/"a" and "a\/b"/);
  });

  it.each([
    ['case', ['README.md', 'readme.md']],
    ['case of a folder that is also a file', ['Weights', 'weights/a.bin']],
    ['Unicode normal form', ['caf\u00e9', 'cafe\u0301']],
  ])('takes names that differ by %s for equal only where the volume does', (_what, paths) => {
    expect(() => checkFilePaths(paths, exact)).not.toThrow();
    expect(() => checkFilePaths(paths, folding)).toThrow(unsafe);
  });
});

function accepted(path: string): boolean {
  try {
    checkFilePath(path);
    return true;
  } catch {
    return false;
  }
}
