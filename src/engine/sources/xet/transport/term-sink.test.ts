import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recordDecoder } from '../format/decode-records.ts';
import { DecodeBuffers } from './decode-buffers.ts';
import { TermSink, type TermWork } from './term-sink.ts';

const CHUNK = 50_000;
const CHUNKS = Array.from({ length: 30 }, () => randomBytes(CHUNK));
const CONTENT = Buffer.concat(CHUNKS);
const STORED = Buffer.concat(
  CHUNKS.map((chunk) => {
    const header = Buffer.alloc(8);
    header.writeUIntLE(chunk.length, 1, 3);
    header.writeUIntLE(chunk.length, 5, 3);
    return Buffer.concat([header, chunk]);
  }),
);
const decode = recordDecoder();

/** Takes everything it is given, and can be full or make others wait. */
function sinkOf() {
  const taken: Buffer[] = [];
  const sink = {
    full: false,
    wait: undefined as Promise<void> | undefined,
    isFull: () => sink.full,
    arrivingBytes: 0,
    arriving(bytes: number) {
      sink.arrivingBytes += bytes;
    },
    push(bytes: Buffer) {
      taken.push(Buffer.from(bytes));
      return sink.wait;
    },
    get bytes() {
      return Buffer.concat(taken);
    },
  };
  return sink;
}

function open(changes: Partial<TermWork> = {}) {
  const sink = sinkOf();
  const clock = { nowMs: 0 };
  const subject = new TermSink({
    term: { start: 0, end: CONTENT.length, xorb: '', chunkStart: 0, chunkEnd: CHUNKS.length },
    firstRecord: 0,
    storedBytes: STORED.length,
    wanted: { start: 0, end: CONTENT.length },
    sink,
    decode: async (batch, out) => decode(batch, out),
    buffers: new DecodeBuffers(),
    signal: new AbortController().signal,
    now: () => clock.nowMs,
    ...changes,
  });
  return { subject, sink, clock };
}

describe('a term that is being fetched', () => {
  it('is handed on in order, as far as it is wanted', async () => {
    const { subject, sink } = open({ wanted: { start: 70_001, end: 1_234_567 } });
    for (let at = 0; at < STORED.length; at += 65_536) await subject.push(STORED.subarray(at, at + 65_536));
    await subject.finish();
    expect(sink.bytes.equals(CONTENT.subarray(70_001, 1_234_567))).toBe(true);
  });

  it('whose connection dropped is kept up to its last whole chunk', async () => {
    const { subject, sink } = open();
    void subject.push(STORED.subarray(0, 3 * (CHUNK + 8) + 17));
    await subject.finish();
    expect(sink.bytes.equals(CONTENT.subarray(0, 3 * CHUNK))).toBe(true);
  });

  it('over a slow network is delivered a few times a second, not when a batch is full', async () => {
    const { subject, sink, clock } = open();
    void subject.push(STORED.subarray(0, CHUNK + 100));
    clock.nowMs = 250;
    await subject.push(STORED.subarray(CHUNK + 100, CHUNK + 200));
    await new Promise(setImmediate);
    expect(sink.bytes).toHaveLength(CHUNK);
  });

  it('reports received bytes at once, and not only when a chunk is complete', () => {
    const { subject, sink } = open();
    void subject.push(STORED.subarray(0, 100));
    void subject.push(STORED.subarray(100, 250));
    expect(sink.arrivingBytes).toBe(250);
    expect(sink.bytes).toHaveLength(0);
  });

  it('does not hold up whoever ends it for a speed limit, and loses nothing', async () => {
    const end = new AbortController();
    const { subject, sink } = open({ signal: end.signal });
    sink.wait = new Promise(() => undefined);
    void subject.push(STORED);
    end.abort(new Error('paused'));
    await subject.finish();
    expect(sink.bytes.equals(CONTENT)).toBe(true);
  });

  it('is not read on while two batches of it are being decoded, or while the budget of all is spent', async () => {
    const waiting = Promise.withResolvers<void>();
    const slow: TermWork['decode'] = async (batch, out) => {
      await waiting.promise;
      decode(batch, out);
    };
    const half = STORED.length >> 1;
    const { subject } = open({ decode: slow });
    expect(subject.push(STORED.subarray(0, half))).toBeUndefined();
    const wait = subject.push(STORED.subarray(half, half + 600_000));
    expect(wait).toBeInstanceOf(Promise);

    const buffers = new DecodeBuffers();
    const others: Uint8Array[] = [];
    while (!buffers.isSpent) others.push(buffers.takeChunks());
    expect(others.length).toBeLessThanOrEqual(48);
    const other = open({ decode: slow, buffers });
    const first = other.subject.push(STORED.subarray(0, half));
    expect(first).toBeInstanceOf(Promise);
    waiting.resolve();
    await Promise.all([wait, first]);
    // It has none in progress now: others may have the budget, and it continues.
    expect(other.subject.push(STORED.subarray(half, half + 10))).toBeUndefined();
    for (const each of others) buffers.giveChunks(each);
    expect(buffers.isSpent).toBe(false);
  });

  it('gives back its memory, once, when decoding fails, and not before the thread is done with it', async () => {
    const failure = new Error('the thread ended');
    const inUse = new Set<ArrayBufferLike>();
    const mark = (memory: Uint8Array) => {
      expect(inUse.has(memory.buffer)).toBe(false);
      inUse.add(memory.buffer);
      return memory;
    };
    const give = (memory: Uint8Array) => expect(inUse.delete(memory.buffer)).toBe(true);
    const buffers = new (class extends DecodeBuffers {
      override takeRecords = () => mark(super.takeRecords());
      override takeChunks = () => mark(super.takeChunks());
      override giveRecords = give;
      override giveChunks = give;
    })();
    let decoded = 0;
    const { subject } = open({
      buffers,
      decode: async (_, out) => {
        decoded += 1;
        if (decoded === 1) throw failure;
        await new Promise(setImmediate);
        expect(inUse.has(out.buffer)).toBe(true);
      },
    });
    void subject.push(STORED)?.catch(() => undefined);
    await expect(subject.finish()).rejects.toBe(failure);
    expect(decoded).toBeGreaterThan(1);
    expect(inUse.size).toBe(0);
  });

  it('delivers nothing to a claim that was given away in the meantime', async () => {
    const { subject, sink } = open();
    void subject.push(STORED);
    sink.full = true;
    await subject.finish();
    expect(sink.bytes).toHaveLength(0);
    expect(subject.isFull()).toBe(true);
  });

  const short = { start: 0, xorb: '', chunkStart: 0, chunkEnd: CHUNKS.length };
  it.each<[string, Partial<TermWork>]>([
    ['has fewer chunks than it should', { storedBytes: STORED.length - 5000 }],
    ['has more bytes than it should', { term: { ...short, end: CONTENT.length - 1 } }],
    ['has fewer bytes than it should', { term: { ...short, end: CONTENT.length + 1 } }],
  ])('is refused when it %s', async (_, changes) => {
    const { subject } = open(changes);
    const bytes = STORED.subarray(0, changes.storedBytes ?? STORED.length);
    await expect(subject.push(bytes)).rejects.toMatchObject({ code: 'ServerError', retryable: false });
    await subject.finish();
  });
});
