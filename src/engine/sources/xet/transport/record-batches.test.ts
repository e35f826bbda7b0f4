import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeRecords } from '../format/record.ts';
import { BATCH_BYTES, RecordBatches } from './record-batches.ts';

/** A stored record. */
function record(chunk: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUIntLE(chunk.length, 1, 3);
  header.writeUIntLE(chunk.length, 5, 3);
  return Buffer.concat([header, chunk]);
}

const CHUNKS = Array.from({ length: 40 }, (_, index) => randomBytes(1 + ((index * 7919) % 131_072)));
const STORED = Buffer.concat(CHUNKS.map(record));

/** Feeds all of it in pieces of so many bytes; returns the decoded chunks. */
function cut(skipped: number, count: number, pieceBytes: number, stored = STORED) {
  const batches = new RecordBatches(skipped, count);
  const chunks: Buffer[] = [];
  const sizes: number[] = [];
  for (let at = 0; at < stored.length; at += pieceBytes) {
    for (const batch of batches.add(stored.subarray(at, at + pieceBytes))) {
      sizes.push(batch.records.length);
      let announced = 0;
      decodeRecords(batch.records, batch.count, (chunk) => {
        chunks.push(Buffer.from(chunk));
        announced += chunk.length;
      });
      expect(announced).toBe(batch.chunkBytes);
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
    expect(Math.max(...sizes)).toBeLessThan(BATCH_BYTES + 131_072 + 9);
  });

  it('leave out those before and behind', () => {
    const { batches, chunks } = cut(3, 10, 1000);
    expect(Buffer.concat(chunks).equals(Buffer.concat(CHUNKS.slice(3, 13)))).toBe(true);
    expect(batches.isComplete).toBe(true);
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
      expect(() => new RecordBatches(skipped, 1).add(broken)).toThrow(/a chunk's record/);
    }
  });
});
