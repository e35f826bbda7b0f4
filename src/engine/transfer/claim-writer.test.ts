import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { ByteRange } from '../../shared/model/byte-range.ts';
import { planChunks } from './chunk-plan.ts';
import { ChunkTable, type Claim } from './chunk-table.ts';
import { ClaimWriter } from './claim-writer.ts';
import { GROUP_BYTES, WriteBuffers } from './write-buffers.ts';

const MIB = 1024 * 1024;

/** A writer for the first claim of a file, on a disk whose writes finish only when the test says so. */
function writer(size = 8 * MIB) {
  const table = new ChunkTable(planChunks(size, size));
  const claim = table.claimNext() as Claim;
  const writes: { position: number; bytes: number; done: () => void; fail: (error: Error) => void }[] = [];
  const written: ByteRange[] = [];
  const arrived: [number, number][] = [];
  const hold = vi.fn<(bytes: number) => Promise<void> | undefined>(() => undefined);
  const subject = new ClaimWriter(claim, {
    buffers: new WriteBuffers(),
    write: (buffers, position) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
      writes.push({ position, bytes, done: resolve, fail: reject });
      return promise;
    },
    onWritten: (range) => written.push(range),
    onArrived: (bytes, unwanted) => arrived.push([bytes, unwanted]),
    hold,
  });
  return { subject, claim, table, writes, written, arrived, hold };
}

describe('the claim writer', () => {
  it('gathers received bytes into larger writes', () => {
    const { subject, writes } = writer();
    for (let part = 0; part < 64; part += 1) subject.push(Buffer.alloc(32 * 1024));
    expect(writes.length).toBeLessThanOrEqual(4);
    let at = 0;
    for (const { position, bytes } of writes) {
      expect(position).toBe(at);
      at += bytes;
    }
    expect(at).toBe(2 * MIB);
  });

  it('writes the last bytes of a claim at once', () => {
    const { subject, writes } = writer(1000);
    subject.push(Buffer.alloc(400));
    expect(writes).toHaveLength(0);
    subject.push(Buffer.alloc(600));
    expect(writes).toHaveLength(1);
    expect(subject.isFull()).toBe(true);
  });

  it('reports bytes only once they are written', async () => {
    const { subject, writes, written } = writer(1000);
    subject.push(Buffer.alloc(1000));
    expect(written).toEqual([]);
    writes[0]?.done();
    await subject.finish();
    expect(written).toEqual([{ start: 0, end: 1000 }]);
  });

  it('writes little on request, and nothing when there is nothing', () => {
    const { subject, writes } = writer();
    subject.flush();
    subject.push(Buffer.alloc(10));
    subject.flush();
    subject.flush();
    expect(writes.map(({ bytes }) => bytes)).toEqual([10]);
  });

  it('takes no byte beyond its claim, even when the claim was shortened in the meantime', () => {
    const { subject, claim, table, writes, arrived } = writer(2 * MIB);
    subject.push(Buffer.alloc(1000));
    const stolen = table.steal(claim);
    subject.push(Buffer.alloc(2 * MIB));
    expect(subject.isFull()).toBe(true);
    expect(writes.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(stolen.start);
    expect(arrived).toEqual([
      [1000, 0],
      [2 * MIB, 2 * MIB - (stolen.start - 1000)],
    ]);
  });

  it('asks to stop reading while the disk falls behind, and continues once it has caught up', async () => {
    const { subject, writes } = writer();
    expect(subject.push(Buffer.alloc(64 * 1024))).toBeUndefined();
    const wait = subject.push(Buffer.alloc(MIB));
    expect(wait).toBeInstanceOf(Promise);
    for (const { done } of writes) done();
    await wait;
    expect(subject.push(Buffer.alloc(10))).toBeUndefined();
  });

  it('asks to stop reading for as long as required', async () => {
    const { subject, hold } = writer();
    const told = Promise.resolve();
    hold.mockReturnValueOnce(told);
    expect(subject.push(Buffer.alloc(10))).toBe(told);
    expect(hold).toHaveBeenCalledExactlyOnceWith(10);
  });

  it('reads nothing more after the disk failed, and reports why', async () => {
    const { subject, writes, written } = writer();
    const wait = subject.push(Buffer.alloc(MIB));
    const [first, ...rest] = writes.splice(0);
    first?.fail(new Error('ENOSPC'));
    for (const { done } of rest) done();
    await expect(wait).rejects.toThrow('ENOSPC');
    await expect(subject.push(Buffer.alloc(10))).rejects.toThrow('ENOSPC');
    subject.flush();
    writes[0]?.done();
    await expect(subject.finish()).rejects.toThrow('ENOSPC');
    expect(written).not.toContainEqual(expect.objectContaining({ start: 0 }));
    expect(written.at(-1)).toEqual({ start: MIB, end: MIB + 10 });
  });

  it('writes what arrived, even when its buffers are reused afterwards', async () => {
    const size = 3 * MIB + 12_345;
    const claim = new ChunkTable(planChunks(size, size)).claimNext() as Claim;
    const content = randomBytes(size);
    const file = Buffer.alloc(size);
    const subject = new ClaimWriter(claim, {
      buffers: new WriteBuffers(),
      write: async (buffers, position) => {
        await setImmediate();
        Buffer.concat(buffers).copy(file, position);
      },
      onWritten: () => undefined,
      onArrived: () => undefined,
      hold: () => undefined,
    });
    const socketBuffer = Buffer.alloc(65_536);
    for (let at = 0; at < size; at += socketBuffer.length) {
      const count = content.copy(socketBuffer, 0, at);
      const wait = subject.push(socketBuffer.subarray(0, count));
      socketBuffer.fill(0);
      if (at % 5 === 0) subject.flush();
      await wait;
    }
    await subject.finish();
    expect(file.equals(content)).toBe(true);
  });
});

describe('buffers for writes', () => {
  it('are reused, except those of short writes', () => {
    const buffers = new WriteBuffers();
    const long = buffers.take(MIB);
    expect(long).toHaveLength(GROUP_BYTES);
    const short = buffers.take(100);
    expect(short).toHaveLength(100);
    buffers.give(short);
    buffers.give(long);
    expect(buffers.take(GROUP_BYTES)).toBe(long);
    expect(buffers.take(GROUP_BYTES)).not.toBe(long);
  });

  it('are not kept without limit', () => {
    const buffers = new WriteBuffers();
    const taken = Array.from({ length: 40 }, () => buffers.take(MIB));
    for (const buffer of taken) buffers.give(buffer);
    const again = Array.from({ length: 40 }, () => buffers.take(MIB));
    expect(again.filter((buffer) => taken.includes(buffer))).toHaveLength(32);
  });
});
