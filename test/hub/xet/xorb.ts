import { hashText } from '../../../src/engine/sources/xet/format/hash-text.ts';
import type { KeyedHash } from '../../../src/engine/sources/xet/format/keyed-hash.ts';
import type { Scheme } from '../../../src/engine/sources/xet/format/record.ts';
import { type HashedSpan, rootOf } from '../../../src/engine/sources/xet/format/tree.ts';
import { type BlockReader, type Content, readAll } from '../content/content.ts';
import { encodeChunk, recordHeader } from './record-encode.ts';

/** A chunk of a xorb and where its bytes are. */
export interface XorbChunk extends HashedSpan {
  readonly content: Content;
  readonly offset: number;
}

/** A stored xorb. */
export interface Xorb {
  /** Hash as Xet writes it. */
  readonly name: string;
  readonly chunks: readonly XorbChunk[];
  /** Where each record begins, and at the end where the last one ends. */
  readonly starts: readonly number[];
  /** The stored bytes, records and footer. */
  readonly stored: Content;
}

interface XorbRecord {
  readonly bytes: number;
  read(): Promise<Buffer>;
}

/** Stores chunks as a xorb. Packed chunks are kept in memory, stored ones read where they are needed. */
export async function makeXorb(
  chunks: readonly XorbChunk[],
  schemeOf: (index: number) => Scheme,
  withFooter: boolean,
  keyed: KeyedHash,
): Promise<Xorb> {
  const root = rootOf(chunks, keyed) ?? new Uint8Array(32);
  const records: XorbRecord[] = [];
  for (const [index, chunk] of chunks.entries()) records.push(await recordOf(chunk, schemeOf(index)));
  const starts = [0];
  for (const { bytes } of records) starts.push((starts.at(-1) ?? 0) + bytes);
  const footer = withFooter ? footerOf(root, chunks, starts) : Buffer.alloc(0);
  const all: XorbRecord[] = [...records, { bytes: footer.length, read: async () => footer }];
  return { name: hashText(root), chunks, starts, stored: joined(all) };
}

async function recordOf({ content, offset, length }: XorbChunk, scheme: Scheme): Promise<XorbRecord> {
  const read = () => readAll(content, offset, offset + length);
  if (scheme === 'stored') {
    return {
      bytes: 8 + length,
      read: async () => Buffer.concat([recordHeader(length, 'stored', length), await read()]),
    };
  }
  const packed = encodeChunk(await read(), scheme);
  const record = Buffer.concat([recordHeader(packed.body.length, packed.scheme, length), packed.body]);
  return { bytes: record.length, read: async () => record };
}

/** Source: huggingface/xet-core, xorb_object_format.rs. */
function footerOf(root: Uint8Array, chunks: readonly XorbChunk[], starts: readonly number[]): Buffer {
  const count = u32(chunks.length);
  const hashes = Buffer.concat([Buffer.from('XBLBHSH\0'), count, ...chunks.map(({ hash }) => hash)]);
  let raw = 0;
  const rawEnds = chunks.map(({ length }) => {
    raw += length;
    return u32(raw);
  });
  const bounds = Buffer.concat([Buffer.from('XBLBBND\x01'), count, ...starts.slice(1).map(u32), ...rawEnds]);
  const tailBytes = 4 + 4 + 4 + 16;
  const tail = Buffer.concat([
    count,
    u32(hashes.length + bounds.length + tailBytes),
    u32(bounds.length + tailBytes),
    Buffer.alloc(16),
  ]);
  const footer = Buffer.concat([Buffer.from('XETBLOB\x01'), root, hashes, bounds, tail]);
  return Buffer.concat([footer, u32(footer.length)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function joined(parts: readonly XorbRecord[]): Content {
  const size = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return { size, open: (start, end) => joinedReader(parts, start, Math.min(end, size)) };
}

function joinedReader(parts: readonly XorbRecord[], start: number, end: number): BlockReader {
  let position = start;
  let index = 0;
  let partStart = 0;
  let current: Buffer | null = null;
  return {
    async next(maxBytes) {
      while (position < end && index < parts.length && partStart + (parts[index]?.bytes ?? 0) <= position) {
        partStart += parts[index]?.bytes ?? 0;
        index += 1;
        current = null;
      }
      const part = parts[index];
      if (position >= end || part === undefined) return Buffer.alloc(0);
      current ??= await part.read();
      const from = position - partStart;
      const block = current.subarray(from, Math.min(current.length, from + maxBytes, end - partStart));
      position += block.length;
      return block;
    },
    close() {},
  };
}
