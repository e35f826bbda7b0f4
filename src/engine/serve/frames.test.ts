import { describe, expect, it } from 'vitest';
import { createMessageReader, encodeMessage, MAX_FRAME_BYTES } from './frames.ts';

const MIB = 1024 * 1024;
const reader = (maxBytes = MIB) => createMessageReader(() => maxBytes);

describe('messages', () => {
  it('come out as they went in, however the stream is divided', () => {
    const sent = [{ a: 1 }, 'ü', [null], { text: 'x'.repeat(1000) }];
    const stream = Buffer.concat(sent.map(encodeMessage));
    for (const size of [1, 2, 3, 4, 5, 7, 100, stream.length]) {
      const { read } = reader();
      const got: unknown[] = [];
      for (let start = 0; start < stream.length; start += size)
        got.push(...read(stream.subarray(start, start + size)));
      expect(got).toEqual(sent);
    }
  });

  it('longer than a frame are sent in several', () => {
    const long = { text: 'y'.repeat(MAX_FRAME_BYTES + 10) };
    const bytes = encodeMessage(long);
    expect(bytes.readUInt32BE()).toBe((0x8000_0000 | MAX_FRAME_BYTES) >>> 0);
    expect(reader(64 * MIB).read(bytes)).toEqual([long]);
    expect(() => reader(MAX_FRAME_BYTES).read(bytes)).toThrow('too long');
  });

  it('are as JSON in the form that docs/integration.md shows', () => {
    expect([...encodeMessage({ a: 1 })]).toEqual([0, 0, 0, 7, ...Buffer.from('{"a":1}')]);
  });

  it.each([
    ['a length of 1 GB', [0x40, 0, 0, 0]],
    ['one byte more than allowed', [0, 0x10, 0, 1]],
    ['no JSON', [0, 0, 0, 1, 0x7b]],
    ['nothing', [0, 0, 0, 0]],
    ['no UTF-8', [0, 0, 0, 3, 0x22, 0xc3, 0x22]],
  ])('with %s are refused', (_name, bytes) => {
    expect(() => reader().read(Buffer.from(bytes))).toThrow();
  });

  it('that are not whole yet are waited for', () => {
    const { read } = reader();
    expect(read(Buffer.from([0, 0, 0]))).toEqual([]);
    expect(read(Buffer.from([4, 0x6e, 0x75, 0x6c]))).toEqual([]);
    expect(read(Buffer.from([0x6c]))).toEqual([null]);
  });

  it('byte by byte cost time in proportion to their length', () => {
    const { read } = reader(64 * MIB);
    const bytes = encodeMessage('z'.repeat(300_000));
    let got: readonly unknown[] = [];
    // Copying everything that waits at each byte would be 45 GB.
    for (let at = 0; at < bytes.length; at += 1) got = read(bytes.subarray(at, at + 1));
    expect(got).toHaveLength(1);
  });
});
