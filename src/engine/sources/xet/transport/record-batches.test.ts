import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BATCH_BYTES, BATCH_CHUNK_BYTES, type RecordBatch, recordDecoder } from '../format/decode-records.ts';
import { RecordBatches } from './record-batches.ts';

/** A stored record. */
function record(chunk: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUIntLE(chunk.length, 1, 3);
  header.writeUIntLE(chunk.length, 5, 3);
  return Buffer.concat([header, chunk]);
}

const CHUNKS = Array.from({ length: 40 }, (_, index) => randomBytes(1 + ((index * 7919) % 131_072)));
const STORED = Buffer.concat(CHUNKS.map(record));

const decoder = recordDecoder();
const decode = (batch: RecordBatch): Buffer => {
  const out = Buffer.alloc(batch.chunkBytes);
  decoder(batch, out);
  return out;
};
const open = (skipped: number, count: number) =>
  new RecordBatches(skipped, count, () => new Uint8Array(BATCH_BYTES));

const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** Feeds everything in pieces of that many bytes; returns the decoded chunks. */
function cut(skipped: number, count: number, pieceBytes: number, stored = STORED) {
  const batches = open(skipped, count);
  const chunks: Buffer[] = [];
  const sizes: number[] = [];
  for (let at = 0; at < stored.length; at += pieceBytes) {
    for (const batch of batches.add(stored.subarray(at, at + pieceBytes))) {
      sizes.push(batch.records.length);
      chunks.push(Buffer.from(decode(batch)));
    }
  }
  return { batches, chunks, sizes };
}

describe('records as they come from a socket', () => {
  it.each([1, 7, 65_536, 1 << 20, STORED.length])('are cut whole from pieces of %i bytes', (pieceBytes) => {
    const { batches, chunks, sizes } = cut(0, 40, pieceBytes);
    expect(Buffer.concat(chunks).equals(Buffer.concat(CHUNKS))).toBe(true);
    expect(batches.isComplete).toBe(true);
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(BATCH_BYTES);
  });

  it('leave out those before and behind', () => {
    const { batches, chunks } = cut(3, 10, 1000);
    expect(Buffer.concat(chunks).equals(Buffer.concat(CHUNKS.slice(3, 13)))).toBe(true);
    expect(batches.isComplete).toBe(true);
  });

  it('that wait for a batch to become full are returned at once on request', () => {
    const batches = open(0, 3);
    const [one = Buffer.alloc(0), two = Buffer.alloc(0)] = CHUNKS;
    const begun = record(two).subarray(0, 5000);
    expect(batches.add(Buffer.concat([record(one), begun]))).toEqual([]);
    const [rest] = batches.rest();
    expect(rest && one.equals(decode(rest))).toBe(true);
    expect(batches.rest()).toEqual([]);
    const [full] = [...batches.add(record(two).subarray(5000)), ...batches.rest()];
    expect(full && two.equals(decode(full))).toBe(true);
  });

  it('that are very many bytes once decoded make small batches', () => {
    // 131,072 zeros in 21 stored bytes and a length: a frame whose only block is a literal and a match of it.
    const more = Buffer.concat([Buffer.alloc(513, 255), Buffer.from([131_072 - 1 - 4 - 15 - 513 * 255])]);
    const packed = Buffer.concat([Buffer.from('1f000100', 'hex'), more]);
    const frame = Buffer.concat([Buffer.from('04224d18604082', 'hex'), le32(packed.length), packed, le32(0)]);
    const header = Buffer.alloc(8);
    header.writeUIntLE(frame.length, 1, 3);
    header[4] = 1;
    header.writeUIntLE(131_072, 5, 3);
    const batches = open(0, 100).add(Buffer.concat(Array(100).fill(Buffer.concat([header, frame]))));
    expect(batches.length).toBeGreaterThan(10);
    for (const batch of batches) {
      expect(batch.chunkBytes).toBeLessThanOrEqual(BATCH_CHUNK_BYTES);
      expect(decode(batch)).toHaveLength(batch.chunkBytes);
    }
  });

  it('are not complete while one is cut', () => {
    expect(cut(0, 40, 65_536, STORED.subarray(0, -1)).batches.isComplete).toBe(false);
  });

  it.each([
    ['a version that is not known', 0, 7],
    ['a way of packing that is not known', 4, 9],
    ['a chunk of no bytes', 5, 0],
  ])('are refused with %s, also where they are skipped', (_, at, value) => {
    const broken = Buffer.from(record(Buffer.alloc(3, 1)));
    broken[at] = value;
    for (const skipped of [0, 1]) {
      expect(() => open(skipped, 1).add(broken)).toThrow(/a chunk's record/);
    }
  });
});
