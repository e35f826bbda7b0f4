import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatcher } from './glob.ts';

describe('a glob', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['*.bin', ['a.bin', '.bin'], ['a/b.bin', 'a.bins', '']],
    ['**/*.bin', ['a.bin', 'a/b.bin', 'a/b/c.bin'], ['a.bin/x']],
    ['a/**', ['a/b', 'a/b/c', 'a/'], ['a', 'b/a/c']],
    ['a/**/b/**/c', ['a/b/c', 'a/x/b/c', 'a/b/y/z/c', 'a/b/b/c'], ['a/c', 'ab/c', 'a/xb/c']],
    ['a?c', ['abc', 'a-c', 'aäc', 'a🙂c'], ['ac', 'a/c']],
    ['[a-c]x', ['ax', 'cx'], ['dx', '-x', 'x']],
    ['[!a-c]x', ['dx'], ['ax', '/x']],
    ['[]x]', [']', 'x'], ['a']],
    ['[a', ['[a'], ['a']],
    ['*.{onnx,md}', ['a.onnx', 'b.md'], ['a.{onnx,md}', 'a.o']],
    ['{a,{b,c}d}e', ['ae', 'bde', 'cde'], ['be', 'ade']],
    ['{a}', ['{a}'], ['a']],
    ['{a,b', ['{a,b'], ['a']],
    ['\\*\\{a,b\\}', ['*{a,b}'], ['xa']],
    ['a+(b)', ['a+(b)'], ['ab']],
  ])('%s', (pattern, fitting, others) => {
    const fits = globMatcher(pattern);
    expect(fitting.filter((path) => !fits(path))).toEqual([]);
    expect(others.filter(fits)).toEqual([]);
  });

  it('with every special character escaped fits exactly itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (path, other) => {
        const fits = globMatcher([...path].map((character) => `\\${character}`).join(''));
        expect(fits(path)).toBe(true);
        expect(fits(other)).toBe(other === path);
      }),
    );
  });

  it.each([
    '*-*-*-*-*.bin',
    '**/*a*a*a*a*a*a*b',
    '**/**/**/**/**/x',
    `${'*a'.repeat(60)}!`,
    '{a,b}'.repeat(40),
    '{'.repeat(50_000),
    '['.repeat(50_000),
  ])('of any shape takes no longer for hostile names: %.30s', (pattern) => {
    const startMs = performance.now();
    const fits = globMatcher(pattern);
    const names = Array.from({ length: 300 }, (_, index) => `${'a-'.repeat(125)}${index}`);
    for (const name of pattern.length > 1000 ? names.slice(0, 3) : names) fits(name);
    expect(performance.now() - startMs).toBeLessThan(5000);
  });
});
