import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonProblem, readArray } from './read-array.ts';

const LIMITS = { maxElements: 1000, maxElementBytes: 1000, maxRestBytes: 1000 };

function read(text: string, key: string | null, limits = LIMITS) {
  const elements: unknown[] = [];
  const rest = readArray(Buffer.from(text), key, limits, (element) => elements.push(element));
  return { elements, rest };
}

const problemOf = (text: string, key: string | null = 'list', limits = LIMITS) => {
  try {
    read(text, key, limits);
    return null;
  } catch (error) {
    return error instanceof JsonProblem ? error.problem : error;
  }
};

describe('a long array of a JSON text', () => {
  it.each<[string, string | null, unknown[], unknown]>([
    ['{"a":1,"list":[{"b":[1,2]},3],"c":"x"}', 'list', [{ b: [1, 2] }, 3], { a: 1, list: [], c: 'x' }],
    ['[1,"a,b",[2,3]]', null, [1, 'a,b', [2, 3]], []],
    [' { "list" : [ ] } ', 'list', [], { list: [] }],
    ['{"a":{"list":[1]},"list":["\\"]\\\\"]}', 'list', ['"]\\'], { a: { list: [1] }, list: [] }],
    ['{"a":"list","b":[1]}', 'list', [], { a: 'list', b: [1] }],
    ['{"list":null}', 'list', [], { list: null }],
    ['{"list":{"list":[1]}}', 'list', [], { list: { list: [1] } }],
    ['7', null, [], 7],
  ])('of %s is read element by element', (text, key, elements, rest) => {
    expect(read(text, key)).toEqual({ elements, rest });
  });

  it('agrees with a parser, for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.jsonValue(), (list, other) => {
        const value = { other: null, list, more: other };
        const text = JSON.stringify(value);
        const limits = { maxElements: 1e6, maxElementBytes: 1e6, maxRestBytes: 1e6 };
        expect(read(text, 'list', limits)).toEqual({
          elements: JSON.parse(JSON.stringify(list)),
          rest: JSON.parse(JSON.stringify({ ...value, list: [] })),
        });
      }),
    );
  });

  it.each([
    ['', 'list'],
    ['{"list":[1,2', 'list'],
    ['{"list":[1,]}', 'list'],
    ['{"list":[,1]}', 'list'],
    ['{"list":[1 2]}', 'list'],
    ['{"list":[1]}}', 'list'],
    ['{"list":[1],"list":[2]}', 'list'],
    ['{"list":[1}]', 'list'],
    ['{"list":["a]}', 'list'],
    ['[1],[2]', null],
  ])('is not read out of %s', (text, key) => {
    expect(problemOf(text, key)).toBe('syntax');
  });

  it.each([
    ['too many elements', `{"list":[${'0,'.repeat(1000)}0]}`],
    ['an element without an end', `{"list":["${'x'.repeat(2000)}"]}`],
    ['too much around it', `{"list":[],"a":"${'x'.repeat(2000)}"}`],
    ['a text that is too deep', `{"list":[${'['.repeat(100)}${']'.repeat(100)}]}`],
  ])('is refused with %s', (_what, text) => {
    expect(problemOf(text)).toBe('limit');
  });

  it('ends at the first element that is refused', () => {
    let seen = 0;
    const visit = (): void => {
      seen += 1;
      throw new Error('no file');
    };
    const bomb = Buffer.from(`{"list":[${'{},'.repeat(1_000_000)}{}]}`);
    expect(() => readArray(bomb, 'list', LIMITS, visit)).toThrow('no file');
    expect(seen).toBe(1);
  });
});
