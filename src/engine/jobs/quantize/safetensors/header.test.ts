import { describe, expect, it } from 'vitest';
import { countKeys } from './count-keys.ts';
import { headerLength, parseHeader } from './header.ts';
import { layOut } from './layout.ts';

const entry = (start: number, end: number, shape = [(end - start) / 2]) => ({
  dtype: 'BF16',
  shape,
  data_offsets: [start, end],
});

function parse(header: unknown, dataBytes: number) {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const head = Buffer.from(text);
  return parseHeader('model.safetensors', head, 8 + head.length + dataBytes);
}

describe('reading a header', () => {
  it('gives tensors in the order of their data, with offsets from the start of the file', () => {
    const text = JSON.stringify({ b: entry(0, 4), a: entry(4, 8) });
    expect(parse(text, 8).tensors.map(({ name, start }) => [name, start])).toEqual([
      ['b', 8 + text.length],
      ['a', 12 + text.length],
    ]);
  });

  it('takes null for no metadata, as MLX writes it', () => {
    expect(parse({ __metadata__: null, a: entry(0, 4) }, 4).metadata).toEqual({});
  });

  it.each([
    ['overlaps', { a: entry(0, 8), b: entry(4, 12) }, 12],
    ['has a hole', { a: entry(0, 4), b: entry(8, 12) }, 12],
    ['reaches over the end of the file', { a: entry(0, 400) }, 12],
    ['ends before the file does', { a: entry(0, 4) }, 12],
    ['counts backwards', { a: entry(8, 4) }, 12],
    ['has a shape that is not its size', { a: entry(0, 12, [7]) }, 12],
    ['has a shape of 10^9 by 10^9', { a: entry(0, 12, [1e9, 1e9]) }, 12],
    ['has a negative shape', { a: entry(0, 12, [-2, -3]) }, 12],
    ['has an unknown type', { a: { ...entry(0, 12), dtype: 'F3' } }, 12],
    ['has offsets beyond 2^53', { a: entry(0, 2 ** 60) }, 12],
    ['has no entry', { a: null }, 0],
    ['is a list', '[]', 0],
    ['begins with a blank', ' {}', 0],
    ['is not JSON', '{"a":', 0],
    [
      'names a tensor twice',
      '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      0,
    ],
    ['has metadata that are not texts', { __metadata__: { a: 1 } }, 0],
  ])('refuses one that %s', (_what, header, dataBytes) => {
    expect(() => parse(header, dataBytes)).toThrow(expect.objectContaining({ code: 'BadRequest' }));
  });

  it.each([
    ['longer than the file', 1000n],
    ['of 10^18 bytes', 10n ** 18n],
  ])('refuses a length %s', (_what, length) => {
    const first = Buffer.alloc(8);
    first.writeBigUInt64LE(length);
    expect(() => headerLength('model', first, 100)).toThrow('longer than the file');
  });

  it('refuses a header for which there is no memory', () => {
    const first = Buffer.alloc(8);
    first.writeBigUInt64LE(90_000_000n);
    expect(() => headerLength('model', first, 1e12)).toThrow('90000000 bytes');
  });

  it('counts keys of the outermost object only, also behind quotes and blanks', () => {
    expect(countKeys(String.raw`{"a\"}" : {"b":1,"c":[{"d":2}]}, "\\":"e:f"}`)).toBe(2);
  });
});

describe('laying a file out', () => {
  it('puts wider types first and names in byte order, and pads the header to a multiple of 8', () => {
    const shapes = ['b', 'a', 'é', 'Z'].map((name) => ({ name, dtype: 'BF16', shape: [2] }));
    const { head, tensors, fileBytes } = layOut([...shapes, { name: 'z', dtype: 'U32', shape: [1] }]);
    expect([...tensors.keys()]).toEqual(['z', 'Z', 'a', 'b', 'é']);
    expect(head.length % 8).toBe(0);
    expect(Buffer.from(head).readBigUInt64LE()).toBe(BigInt(head.length - 8));
    expect(Buffer.from(head.subarray(8)).toString('latin1')).toMatch(
      /^\{"__metadata__":\{"format":"mlx"\},"z":\{"dtype":"U32","shape":\[1\],"data_offsets":\[0,4\]\},.*"\\u00e9".*\} *$/,
    );
    expect(fileBytes).toBe(head.length + 20);
  });

  it('is read back as it was laid out', () => {
    const { head, tensors, fileBytes } = layOut([{ name: 'é', dtype: 'F16', shape: [3, 2] }]);
    const { tensors: read } = parseHeader('x', head.subarray(8), fileBytes);
    expect(read).toEqual([...tensors.values()]);
  });
});
