import { describe, expect, it } from 'vitest';
import { plainUnpacker } from '../kernel/plain-unpacker.ts';
import type { Unpacker } from '../kernel/unpacker.ts';
import { wasmUnpacker } from '../kernel/wasm-unpacker.ts';
import { DECODER_BYTES, recordDecoder } from './decode-records.ts';
import { readRecordHeader } from './record.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const KERNELS: Array<[string, Unpacker]> = [
  ['WebAssembly', wasmUnpacker(DECODER_BYTES)],
  ['TypeScript', plainUnpacker(DECODER_BYTES)],
];

const STORED = bytes('000c0000000c000048656c6c6f20576f726c6421');
const PACKED = bytes('002000000129000004224d18604082110000006f68656c6c6f2006000a602068656c6c6f00000000');
const GROUPED = bytes(
  '002a00000240000004224d186040821b000000390001020300090d004b010200800100153c0100603c3c3c3c3c3c00000000',
);

describe.each(KERNELS)('decoding records in %s', (_, unpacker) => {
  const decodeBatch = recordDecoder(unpacker);
  const decode = (records: Uint8Array, count: number, chunkBytes = announced(records, count)): Buffer => {
    const out = Buffer.alloc(chunkBytes);
    decodeBatch({ records, count, chunkBytes }, out);
    return out;
  };

  it('takes a stored, a packed and a grouped chunk', () => {
    const grouped = Buffer.from(
      Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? 0x3c : i % 4 === 2 ? 0x80 : (i >> 2) % 3)),
    );
    expect(decode(Buffer.concat([STORED, PACKED, GROUPED]), 3)).toEqual(
      Buffer.concat([Buffer.from('Hello World!hello hello hello hello hello hello hello'), grouped]),
    );
  });

  it.each([0, 1, 2, 3, 4, 10, 63, 64, 65, 66, 67, 131, 4096, 131_071])(
    'undoes the grouping of %i bytes',
    (length) => {
      const right = Buffer.from(Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255));
      const groups = [0, 1, 2, 3].map((group) => right.filter((_, at) => at % 4 === group));
      unpacker.memory.fill(0);
      unpacker.memory.set(Buffer.concat(groups));
      unpacker.ungroup(0, length, 200_000);
      expect(right.equals(unpacker.memory.subarray(200_000, 200_000 + length))).toBe(true);
      expect(unpacker.memory[200_000 + length]).toBe(0);
    },
  );

  it.each([1, 2, 3, 7, 15, 16, 17, 255, 256])('repeats what stands %i bytes before', (offset) => {
    const pattern = Buffer.from(Array.from({ length: offset }, (_, index) => index + 1));
    const extra = 2000 - offset - 4 - 15;
    const lengths = (length: number) => [...Array(Math.floor(length / 255)).fill(255), length % 255];
    const literals = offset < 15 ? [(offset << 4) | 15] : [0xff, ...lengths(offset - 15)];
    const block = Buffer.from([...literals, ...pattern, offset & 255, offset >> 8, ...lengths(extra)]);
    unpacker.memory.set(block);
    expect(unpacker.unpack(0, block.length, 10_000, 10_000, 12_000)).toBe(12_000);
    const right = Buffer.alloc(2000, pattern);
    expect(right.equals(unpacker.memory.subarray(10_000, 12_000))).toBe(true);
  });

  it('takes linked blocks, a content size and checksums', () => {
    // `abcd` stored, then a match that reaches back into the first block; all three kinds of checksums.
    const frame = bytes(
      '04224d185c400c00000000000000000400008061626364aaaaaaaa03000000040400bbbbbbbb00000000cccccccc',
    );
    const record = Buffer.concat([bytes(`00${le24(frame.length)}01${le24(12)}`), frame]);
    expect(decode(record, 1).toString()).toBe('abcdabcdabcd');
  });

  it.each<[string, Buffer, number, RegExp]>([
    ['a version that is not 0', alter(STORED, 0, 1), 1, /version 1/],
    ['an unknown scheme', alter(STORED, 4, 3), 1, /scheme 3/],
    ["the writer's own scheme 99", alter(STORED, 4, 99), 1, /scheme 99/],
    ['a chunk of no bytes', alter(STORED, 5, 0), 1, /chunk of 0 bytes/],
    ['a chunk over 128 KiB', alter(PACKED, 7, 3), 1, /chunk of 196649 bytes/],
    ['a body over 256 KiB', alter(PACKED, 3, 9), 1, /body of 589856 bytes/],
    ['two lengths of a stored chunk', alter(STORED, 5, 13), 1, /two lengths/],
    ['a body that runs past the range', STORED.subarray(0, -1), 1, /past the range/],
    ['a cut header', STORED.subarray(0, 5), 1, /header is cut/],
    ['too few records', STORED, 2, /header is cut/],
    ['bytes behind the last record', Buffer.concat([STORED, bytes('00')]), 1, /behind the last/],
    ['more bytes than announced', alter(PACKED, 5, 40), 1, /past an end/],
    ['fewer bytes than announced', alter(PACKED, 5, 42), 1, /41 bytes instead of 42/],
    ['a frame that is none', alter(PACKED, 8, 5), 1, /not a frame/],
    ['a match before the start', alter(PACKED, 26, 7), 1, /past an end, or reaches before the start/],
    ['a match of distance zero', alter(PACKED, 26, 0), 1, /past an end, or reaches before the start/],
    ['a block past the end', alter(PACKED, 15, 0x40), 1, /past the end/],
  ])('refuses %s', (_, records, count, message) => {
    expect(() => decode(records, count)).toThrow(message);
  });

  it('writes nothing outside the chunk, for any bytes', () => {
    for (let seed = 0; seed < 3000; seed += 1) {
      const noise = Buffer.from(PACKED);
      for (let change = 0; change < 3; change += 1) {
        noise[8 + ((seed * 31 + change * 17) % (noise.length - 8))] = (seed * 7 + change * 101) & 255;
      }
      try {
        expect(decode(noise, 1, 41)).toHaveLength(41);
      } catch (error) {
        expect(error).toMatchObject({ name: 'XetFormatError' });
      }
    }
  });
});

/** The lengths in the headers, as far as they can be read. */
function announced(records: Uint8Array, count: number): number {
  let sum = 0;
  try {
    for (let at = 0, index = 0; index < count; index += 1) {
      const { bodyBytes, chunkBytes } = readRecordHeader(records, at);
      sum += chunkBytes;
      at += 8 + bodyBytes;
    }
  } catch {
    return sum;
  }
  return sum;
}

function le24(value: number): string {
  return Buffer.from([value & 255, (value >> 8) & 255, value >> 16]).toString('hex');
}

function alter(record: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(record);
  copy[at] = value;
  return copy;
}
