import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { BLOCK_BYTES as MIB } from '../../shared/model/block.ts';
import { missingRanges } from '../../shared/model/byte-range.ts';
import { blockChecksOf } from '../integrity/block-crc.ts';
import { HashPool } from '../integrity/hash-pool.ts';
import type { CheckedChunkRow } from '../ledger/chunks.ts';
import type { ContentSource } from '../sources/source.ts';
import type { TransferItem } from '../transfer/transfer-item.ts';
import { Checkpointer } from './checkpointer.ts';
import { ContentJob } from './content-job.ts';
import type { ContentSpec } from './content-job-deps.ts';

const CHUNK = 64 * 1024;
const CHUNKS = 5;
const SIZE = CHUNKS * CHUNK - 1000;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const content = randomBytes(SIZE);
const HASH = sha256(content);

/** The correct bytes of a chunk. */
const rightBytes = (index: number): Buffer =>
  content.subarray(index * CHUNK, Math.min(SIZE, (index + 1) * CHUNK));
/** Wrong bytes of the same length as a chunk. */
const wrongBytes = (index: number, seed = 1): Buffer =>
  Buffer.from(rightBytes(index).map((byte) => byte ^ seed));

let hasher: HashPool;
let folder: string;
let partialPath: string;
/** The ledger's rows, by chunk. */
let ledger: Map<number, CheckedChunkRow>;
let checkpointer: Checkpointer;
let job: ContentJob | null;
/** The items that attempts fetch. */
let items: TransferItem[];
/** Number of claims of space on the volume. */
let rooms: number;
let claimRoom: (remaining: () => number) => Promise<() => void>;
let copiesPath: string;
/** Bytes that a server sends for a chunk the nth time it is requested, from 0. */
let serve: (index: number, time: number) => Buffer;
/** How often each chunk was requested. */
let fetched: number[];
let repaired: number[];
let fetchedAgain: number;
let logged: string[];
let mayCheckHere: boolean;
/** Runs before corrected rows are on disk. */
let beforeSave: () => Promise<void>;

beforeAll(() => {
  hasher = new HashPool(new URL('../integrity/hash-worker.ts', import.meta.url), 2);
});
afterAll(() => hasher.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-job-'));
  partialPath = join(folder, 'partial');
  copiesPath = `${partialPath}.copies`;
  ledger = new Map();
  const save = (rows: readonly CheckedChunkRow[]) => {
    for (const row of rows) ledger.set(row.index, row);
  };
  checkpointer = new Checkpointer({
    commit: async ({ chunks }) => {
      for (const { rows } of chunks) save(rows);
    },
    counters: () => [],
    now: () => performance.now(),
  });
  serve = rightBytes;
  fetched = Array.from({ length: CHUNKS }, () => 0);
  repaired = [];
  fetchedAgain = 0;
  logged = [];
  mayCheckHere = true;
  beforeSave = async () => undefined;
  job = null;
  rooms = 0;
  claimRoom = async () => {
    rooms += 1;
    return () => {
      rooms -= 1;
    };
  };
});
afterEach(async () => {
  await closeJob();
  checkpointer.stop();
  await rm(folder, { recursive: true });
});

async function closeJob(): Promise<void> {
  await checkpointer.flush();
  await job?.close();
  job = null;
}

/** These tests deliver the bytes themselves. */
const NOBODY: ContentSource = {
  host: null,
  finderHost: 'hub.example',
  find: () => Promise.reject(new Error('Nobody is to be asked.')),
};

async function openJob(changes: Partial<ContentSpec> = {}): Promise<ContentJob> {
  const row = {
    id: 1,
    folder: '/f',
    hash: HASH,
    size: SIZE,
    chunkBytes: CHUNK,
  };
  const content = { path: 'model.bin', hash: HASH, algorithm: 'sha256', size: SIZE } as const;
  const spec = {
    ...content,
    partialPath,
    copiesPath,
    hasUnknownBytes: true,
    merge: null,
  };
  const opened = await ContentJob.open(
    { ...spec, row: { ...row, algorithm: 'sha256' }, chunks: [...ledger.values()], ...changes },
    {
      hasher,
      checkpointer,
      source: NOBODY,
      saveRows: async (_blobId, rows) => {
        await beforeSave();
        for (const each of rows) ledger.set(each.index, each);
      },
      now: () => performance.now(),
      mayCheckHere: () => mayCheckHere,
      log: (level, message) => logged.push(`${level}: ${message}`),
      openProver: async () => null,
      proofs: {
        list: () => [],
        save: () => undefined,
        removeRanges: () => undefined,
        renew: () => undefined,
      },
      onJudged: () => undefined,
      transfer: {
        add: (item) => {
          items.push(item);
          pump();
        },
        remove: async (item) => {
          items = items.filter((other) => other !== item);
        },
        pump: () => pump(),
      },
      claimRoom: (remaining) => claimRoom(remaining),
      onRepaired: (chunk) => repaired.push(chunk),
      onFetchedAgain: (bytes) => {
        fetchedAgain += bytes;
      },
    },
    new AbortController().signal,
  );
  job = opened;
  items = [opened];
  return opened;
}

/** Fetches what all items want. */
function pump(): void {
  for (const item of items) fetchAll(item).catch(() => undefined);
}

/** A scheduler with one attempt that never fails. */
async function fetchAll(of: TransferItem, limit = Number.POSITIVE_INFINITY): Promise<void> {
  for (let count = 0; count < limit; count += 1) {
    const claim = of.claimNext();
    if (!claim) return;
    const { chunk, start, end } = claim;
    const bytes = serve(chunk.index, fetched[chunk.index] ?? 0);
    fetched[chunk.index] = (fetched[chunk.index] ?? 0) + 1;
    await of.write([bytes.subarray(start - chunk.range.start, end - chunk.range.start)], start);
    of.table.release(claim);
    of.written(chunk, { start, end });
  }
}

async function finish(of: ContentJob): Promise<void> {
  of.start();
  await fetchAll(of);
  await of.finished;
}

/** Leaves a complete partial whose rows are in the ledger, with changes. */
async function leaveBehind(
  bytes: Buffer,
  rows: (row: CheckedChunkRow) => CheckedChunkRow | null = (row) => row,
): Promise<void> {
  await writeFile(partialPath, bytes);
  for (let index = 0; index < CHUNKS; index += 1) {
    const start = index * CHUNK;
    const end = Math.min(SIZE, start + CHUNK);
    const row = rows({
      index,
      received: [{ start, end }],
      sha256: sha256(bytes.subarray(start, end)),
      suspect: false,
      checks: [],
    });
    if (row) ledger.set(index, row);
  }
}

async function damage(index: number): Promise<void> {
  const handle = await open(partialPath, 'r+');
  await handle.write(wrongBytes(index), 0, 100, index * CHUNK + 50);
  await handle.close();
}

const withChunks = (changes: Readonly<Record<number, Buffer>>): Buffer =>
  Buffer.concat(Array.from({ length: CHUNKS }, (_, index) => changes[index] ?? rightBytes(index)));

describe('a fresh job', () => {
  it('finishes with every chunk fetched once, hashed, and in the ledger', async () => {
    const opened = await openJob();
    await finish(opened);
    await checkpointer.flush();
    expect(fetched).toEqual([1, 1, 1, 1, 1]);
    expect((await readFile(partialPath)).equals(content)).toBe(true);
    expect([...ledger.values()].map(({ sha256: hash }) => hash)).toEqual(
      Array.from({ length: CHUNKS }, (_, index) => sha256(rightBytes(index))),
    );
    expect([opened.verifiedBytes, opened.chunksDone, opened.hasWork()]).toEqual([SIZE, CHUNKS, false]);
    expect([repaired, fetchedAgain, logged]).toEqual([[], 0, []]);
  });

  it('gives the partial its full length at once', async () => {
    await openJob();
    expect((await stat(partialPath)).size).toBe(SIZE);
  });

  it('counts nothing as verified before the ledger has it', async () => {
    const opened = await openJob();
    opened.start();
    await fetchAll(opened, 2);
    expect(opened.table.receivedBytes).toBe(2 * CHUNK);
    expect(opened.verifiedBytes).toBe(0);
  });

  it('tells how long and how far it is being verified once every byte is there', async () => {
    const opened = await openJob();
    opened.start();
    await fetchAll(opened, CHUNKS - 1);
    expect(opened.verifying).toBeNull();
    await fetchAll(opened);
    expect(opened.verifying).toMatchObject({ seconds: 0 });
    await opened.finished;
    expect(opened.verifying?.hashedBytes).toBe(SIZE);
  });

  it('finishes an empty file without fetching anything', async () => {
    const opened = await openJob({ size: 0, hash: sha256(Buffer.alloc(0)) });
    await finish(opened);
    expect(fetched).toEqual([0, 0, 0, 0, 0]);
  });

  it('judges a small file by the hash of git', async () => {
    const git = createHash('sha1').update(`blob ${SIZE}\0`).update(content).digest('hex');
    const opened = await openJob({ algorithm: 'git-sha1', hash: git });
    await expect(finish(opened)).resolves.toBeUndefined();
  });
});

describe('a job that goes on', () => {
  it('fetches only what the ledger does not have', async () => {
    await leaveBehind(withChunks({ 3: Buffer.alloc(CHUNK) }), (row) =>
      row.index === 3 ? { ...row, received: [], sha256: null } : row,
    );
    await finish(await openJob());
    expect(fetched).toEqual([0, 0, 0, 1, 0]);
  });

  it('goes on inside a chunk', async () => {
    await leaveBehind(
      withChunks({ 0: Buffer.concat([rightBytes(0).subarray(0, 5000), Buffer.alloc(CHUNK - 5000)]) }),
      (row) => (row.index === 0 ? { ...row, received: [{ start: 0, end: 5000 }], sha256: null } : row),
    );
    const opened = await openJob();
    expect(opened.table.receivedBytes).toBe(SIZE - CHUNK + 5000);
    await finish(opened);
    expect(fetched).toEqual([1, 0, 0, 0, 0]);
  });

  it('believes the ledger no further than the file reaches, and corrects it first', async () => {
    await leaveBehind(content);
    await truncate(partialPath, 2 * CHUNK + 10);
    const opened = await openJob();
    expect(opened.table.receivedBytes).toBe(2 * CHUNK + 10);
    expect(ledger.get(2)).toMatchObject({
      received: [{ start: 2 * CHUNK, end: 2 * CHUNK + 10 }],
      sha256: null,
    });
    expect(ledger.get(4)).toMatchObject({ received: [], sha256: null });
    await finish(opened);
    expect(fetched).toEqual([0, 0, 1, 1, 1]);
  });

  it('gives the file its length only once the corrected rows are on disk', async () => {
    await leaveBehind(content);
    await truncate(partialPath, CHUNK + 5000);
    const lengths: number[] = [];
    beforeSave = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      lengths.push((await stat(partialPath)).size);
    };
    await openJob();
    expect(lengths).toEqual([CHUNK + 5000]);
  });

  it('believes nothing of the ledger when the partial is gone', async () => {
    await leaveBehind(content);
    await unlink(partialPath);
    const opened = await openJob();
    expect(opened.table.receivedBytes).toBe(0);
    await finish(opened);
  });

  it('takes over a partial that the ledger does not know, and checks it', async () => {
    await writeFile(partialPath, content.subarray(0, 3 * CHUNK));
    const opened = await openJob();
    expect(opened.table.receivedBytes).toBe(3 * CHUNK);
    await finish(opened);
    expect(fetched).toEqual([0, 0, 0, 1, 1]);
    await checkpointer.flush();
    expect(ledger.size).toBe(CHUNKS);
  });

  it('does not take the holes of an unknown partial for content', async () => {
    const handle = await open(partialPath, 'w');
    await handle.write(rightBytes(2), 0, CHUNK, 2 * CHUNK);
    await handle.truncate(SIZE);
    await handle.close();
    const opened = await openJob();
    expect(opened.table.receivedBytes).toBe(CHUNK);
    await finish(opened);
    expect(fetched).toEqual([1, 1, 0, 1, 1]);
  });

  it('cuts off what lies behind the end of the content', async () => {
    await writeFile(partialPath, Buffer.concat([content, Buffer.alloc(500, 1)]));
    await finish(await openJob());
    expect((await stat(partialPath)).size).toBe(SIZE);
  });
});

describe('a chunk that was damaged at rest', () => {
  it('is fetched again alone, and told as repaired', async () => {
    await leaveBehind(content);
    await damage(1);
    await finish(await openJob());
    expect(fetched).toEqual([0, 1, 0, 0, 0]);
    expect(repaired).toEqual([1]);
    expect(fetchedAgain).toBe(CHUNK);
    expect(logged).toEqual([
      expect.stringContaining('Chunk 1 of model.bin changed on the disk; 65536 bytes'),
    ]);
  });

  it('is no longer in the ledger as safe while it is fetched again', async () => {
    await leaveBehind(content);
    await damage(1);
    const opened = await openJob();
    serve = () => {
      throw new Error('the line is down');
    };
    opened.start();
    await expect.poll(() => opened.table.receivedBytes).toBe(SIZE - CHUNK);
    await checkpointer.flush();
    expect(ledger.get(1)).toMatchObject({ received: [], sha256: null });
  });
});

describe('block checks', () => {
  /** Chunks of three blocks, the last of them small. */
  const BIG = 3 * MIB - 5;
  const big = randomBytes(2 * BIG);
  const spec = (): Partial<ContentSpec> => ({
    hash: sha256(big),
    size: big.length,
    row: { id: 1, folder: '/f', hash: sha256(big), size: big.length, chunkBytes: BIG, algorithm: 'sha256' },
  });
  const flip = async (at: number) => {
    const handle = await open(partialPath, 'r+');
    await handle.write(Buffer.from([(big[at] ?? 0) ^ 0x10]), 0, 1, at);
    await handle.close();
  };
  beforeEach(() => {
    serve = (index) => big.subarray(index * BIG, (index + 1) * BIG);
  });
  /** Delivers that many bytes of the first chunk, and ends as a pause does. */
  async function bring(bytes: number): Promise<void> {
    const opened = await openJob(spec());
    const claim = opened.claimNext()!;
    for (let at = 0; at < bytes; at += 300_000) {
      const end = Math.min(bytes, at + 300_000);
      await opened.write([big.subarray(at, end)], at);
      opened.written(claim.chunk, { start: at, end });
    }
    opened.start();
    if (!mayCheckHere) await opened.checkRest();
    await closeJob();
  }
  async function resume(): Promise<ContentJob> {
    const opened = await openJob(spec());
    await opened.judge(() => undefined, new AbortController().signal);
    return opened;
  }

  it.each([true, false])(
    'are kept with the ranges of an unfinished chunk (from the socket: %s)',
    async (here) => {
      mayCheckHere = here;
      await bring(2 * MIB + 100);
      const range = { start: 0, end: 2 * MIB + 100 };
      expect(ledger.get(0)).toMatchObject({ received: [range], sha256: null });
      expect(ledger.get(0)?.checks).toEqual(blockChecksOf([big.subarray(0, range.end)], 0));
    },
  );

  it.each([
    [MIB + 7, { start: MIB, end: 2 * MIB }],
    [2 * MIB + 99, { start: 2 * MIB, end: 2 * MIB + 100 }],
  ])(
    'find a bit that flipped at %d of an unfinished chunk, before anything is fetched',
    async (at, missing) => {
      await bring(2 * MIB + 100);
      await flip(at);
      const opened = await resume();
      const left = missingRanges([missing], { start: 0, end: 2 * MIB + 100 });
      expect(opened.table.chunks[0]?.received).toEqual(left);
      await finish(opened);
      expect((await readFile(partialPath)).equals(big)).toBe(true);
      expect([repaired, fetchedAgain]).toEqual([[0], missing.end - missing.start]);
    },
  );

  it('open one block of a finished chunk again, not the chunk', async () => {
    await finish(await openJob(spec()));
    await closeJob();
    await flip(BIG + 2 * MIB);
    const opened = await openJob(spec());
    const before = [...fetched];
    await finish(opened);
    expect(fetched[0]).toBe(before[0]);
    expect((await readFile(partialPath)).equals(big)).toBe(true);
    expect([repaired, fetchedAgain]).toEqual([[1], MIB]);
    expect(logged).toEqual([
      'warn: Chunk 1 of model.bin changed on the disk; 1048576 bytes of it are downloaded again.',
    ]);
  });

  it('find what the disk did not keep as it came', async () => {
    const opened = await openJob(spec());
    const write = opened.write.bind(opened);
    let isBad = true;
    opened.write = async (buffers, position) => {
      await write(buffers, position);
      if (isBad) await flip(MIB + 3);
      isBad = false;
    };
    await finish(opened);
    expect((await readFile(partialPath)).equals(big)).toBe(true);
    expect([repaired, fetchedAgain]).toEqual([[0], MIB]);
  });

  it('give a disk up that never gives back what was written', async () => {
    const opened = await openJob(spec());
    const write = opened.write.bind(opened);
    opened.write = async (buffers, position) => {
      await write(buffers, position);
      if (position < BIG) await flip(5);
    };
    await expect(finish(opened)).rejects.toMatchObject({
      code: 'HashMismatch',
      message: expect.stringContaining('the disk gives other bytes back'),
    });
  });

  it('are made for the rows of older ledgers when their chunks are read', async () => {
    await finish(await openJob(spec()));
    await closeJob();
    for (const [index, row] of ledger) ledger.set(index, { ...row, checks: [] });
    await finish(await openJob(spec()));
    await checkpointer.flush();
    expect([...ledger.values()].map(({ checks }) => checks.length)).toEqual([3, 4]);
  });

  it('that are wrong in the ledger give way to the SHA-256', async () => {
    await finish(await openJob(spec()));
    await closeJob();
    const { checks } = ledger.get(0)!;
    ledger.set(0, { ...ledger.get(0)!, checks: checks.map((check) => ({ ...check, crc: 1 })) });
    await finish(await openJob(spec()));
    await checkpointer.flush();
    expect([repaired, ledger.get(0)?.checks]).toEqual([[], checks]);
  });
});

describe('a wrong file hash', () => {
  it('leads to a second fetch of everything when nothing is suspect, and what differs is replaced', async () => {
    serve = (index, time) => (index === 3 && time === 0 ? wrongBytes(3) : rightBytes(index));
    await finish(await openJob());
    // The file hash decides between the two copies of chunk 3.
    expect(fetched.slice(0, 4)).toEqual([2, 2, 2, 2]);
    expect(fetched[4]).toBeLessThanOrEqual(2);
    expect(repaired).toEqual([3]);
    expect((await readFile(partialPath)).equals(content)).toBe(true);
  });

  it('leads to suspects first, and to nothing else when one of them was it', async () => {
    await leaveBehind(withChunks({ 1: wrongBytes(1) }), (row) => ({
      ...row,
      suspect: row.index === 1 || row.index === 4,
    }));
    await finish(await openJob());
    expect(fetched.slice(0, 4)).toEqual([0, 1, 0, 0]);
    expect(fetched[4]).toBeLessThanOrEqual(1);
    expect(repaired).toEqual([1]);
  });

  it('leads to all others when no suspect was it, and none is fetched twice for it', async () => {
    await leaveBehind(withChunks({ 2: wrongBytes(2) }), (row) => ({ ...row, suspect: row.index === 0 }));
    await finish(await openJob());
    expect(fetched.slice(0, 3)).toEqual([1, 1, 1]);
    expect(Math.max(...fetched)).toBe(1);
    expect(repaired).toEqual([2]);
  });

  it('is decided by the hash between any copies, without a third one of the rest', async () => {
    await writeFile(partialPath, withChunks({ 0: wrongBytes(0, 1) }));
    serve = (index, time) => (index === 0 && time === 0 ? wrongBytes(0, 2) : rightBytes(index));
    await finish(await openJob());
    // How many of the rest are compared depends on how soon the hash is computed; none is needed twice.
    expect(fetched[0]).toBe(2);
    expect(Math.max(...fetched.slice(1))).toBeLessThanOrEqual(1);
    expect((await readFile(partialPath)).equals(content)).toBe(true);
  });

  it('is told as the mistake of the Hub when everything came twice with the same result', async () => {
    const opened = await openJob({ hash: 'f'.repeat(64) });
    await expect(finish(opened)).rejects.toMatchObject({
      code: 'HashMismatch',
      retryable: false,
      message: expect.stringContaining('model.bin was downloaded twice with the same result'),
    });
    expect(fetched).toEqual([2, 2, 2, 2, 2]);
    expect([repaired, fetchedAgain]).toEqual([[], SIZE]);
    expect((await readFile(partialPath)).equals(content)).toBe(true);
  });

  it('ends with the chunk that is different each time it comes', async () => {
    serve = (index, time) => (index === 2 ? wrongBytes(2, time + 1) : rightBytes(index));
    await expect(finish(await openJob())).rejects.toMatchObject({
      code: 'HashMismatch',
      message: expect.stringContaining('Chunk 2 of model.bin was different each time'),
    });
    await checkpointer.flush();
    // The first copy is kept, and looked at first when it is tried again.
    expect(ledger.get(2)).toMatchObject({ received: [{ start: 2 * CHUNK, end: 3 * CHUNK }], suspect: true });
    expect(fetched[2]).toBe(5);
    expect(existsSync(copiesPath)).toBe(false);
    await closeJob();
    expect(rooms).toBe(0);
    serve = rightBytes;
    fetched = [0, 0, 0, 0, 0];
    await finish(await openJob());
    expect(fetched).toEqual([0, 0, 1, 0, 0]);
  });

  it('costs no third copy when another block came wrong the second time', async () => {
    serve = (index, time) =>
      (index === 3 && time === 0) || (index === 1 && time === 1) ? wrongBytes(index) : rightBytes(index);
    await finish(await openJob());
    expect(Math.max(...fetched)).toBe(2);
    expect(repaired).toEqual([3]);
    expect((await readFile(partialPath)).equals(content)).toBe(true);
  });

  it('brings third copies of what differs and of nothing else, where that is too much to combine', async () => {
    const many = 7;
    const big = randomBytes(many * CHUNK);
    const part = (index: number) => big.subarray(index * CHUNK, (index + 1) * CHUNK);
    const flipped = (index: number) => Buffer.from(part(index).map((byte) => byte ^ 4));
    fetched = Array.from({ length: many }, () => 0);
    // The last block is wrong in the first copy, four others in the second.
    serve = (index, time) =>
      (index === 6 && time === 0) || (index < 4 && time === 1) ? flipped(index) : part(index);
    const row = { id: 1, folder: '/f', hash: sha256(big), size: big.length, chunkBytes: CHUNK };
    await finish(
      await openJob({ hash: sha256(big), size: big.length, row: { ...row, algorithm: 'sha256' } }),
    );
    expect(fetched).toEqual([3, 3, 3, 3, 2, 2, 3]);
    expect(repaired).toEqual([6]);
    expect((await readFile(partialPath)).equals(big)).toBe(true);
  });

  it('writes nothing over before the hash has decided', async () => {
    const wrong = withChunks({ 4: wrongBytes(4) });
    await leaveBehind(wrong);
    serve = (index) => {
      // All but the last have arrived a second time by now.
      if (index === 4) throw new Error('the line is down');
      return index === 0 ? wrongBytes(0) : rightBytes(index);
    };
    const opened = await openJob();
    opened.start();
    await expect.poll(() => fetched.slice(1, 4)).toEqual([1, 1, 1]);
    await closeJob();
    expect((await readFile(partialPath)).equals(wrong)).toBe(true);
  });

  it('goes on after a kill with what was not compared', async () => {
    await leaveBehind(withChunks({ 4: wrongBytes(4) }));
    serve = (index) => {
      if (index === 3) throw new Error('the line is down');
      return rightBytes(index);
    };
    const opened = await openJob();
    opened.start();
    await expect.poll(() => fetched.slice(0, 3)).toEqual([1, 1, 1]);
    await closeJob();
    serve = rightBytes;
    await finish(await openJob());
    expect(fetched).toEqual([1, 1, 1, 1, 1]);
    expect((await readFile(partialPath)).equals(content)).toBe(true);
  });

  it('of a content that is another one as a whole brings it once, and keeps 64 MiB of it aside at most', async () => {
    const size = 70 * MIB;
    const chunkBytes = 10 * MIB;
    const big = randomBytes(size);
    fetched = Array.from({ length: 7 }, () => 0);
    serve = (index) => big.subarray(index * chunkBytes, (index + 1) * chunkBytes);
    await writeFile(partialPath, randomBytes(size));
    const row = { id: 1, folder: '/f', hash: sha256(big), size, chunkBytes, algorithm: 'sha256' as const };
    let mostBytes = 0;
    const opened = await openJob({ hash: sha256(big), size, row });
    const watched = serve;
    serve = (index, time) => {
      if (existsSync(copiesPath)) mostBytes = Math.max(mostBytes, statSync(copiesPath).size);
      return watched(index, time);
    };
    await finish(opened);
    expect(fetched).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(mostBytes).toBeLessThan(76 * MIB);
    expect((await readFile(partialPath)).equals(big)).toBe(true);
  });

  it('that is about to be compared when the job ends leaves no claim of room and no open file', async () => {
    await leaveBehind(withChunks({ 4: wrongBytes(4) }));
    const asked = Promise.withResolvers<void>();
    const granted = Promise.withResolvers<void>();
    claimRoom = async () => {
      asked.resolve();
      rooms += 1;
      await granted.promise;
      return () => {
        rooms -= 1;
      };
    };
    (await openJob()).start();
    await asked.promise;
    await closeJob();
    granted.resolve();
    await expect.poll(() => rooms).toBe(0);
    expect(fetched).toEqual([0, 0, 0, 0, 0]);
  });

  it('that no room is left to settle is told as a full disk', async () => {
    await leaveBehind(withChunks({ 4: wrongBytes(4) }));
    claimRoom = async () => {
      throw new AppError('DiskFull', 'full');
    };
    await expect(finish(await openJob())).rejects.toMatchObject({ code: 'DiskFull' });
  });

  it('shows that it repairs while it compares, and not a moment longer', async () => {
    serve = (index, time) => (index === 3 && time === 0 ? wrongBytes(3) : rightBytes(index));
    const opened = await openJob();
    const states: boolean[] = [];
    const right = serve;
    serve = (index, time) => {
      states.push(opened.isRepairing);
      return right(index, time);
    };
    await finish(opened);
    expect([states[0], states.at(-1), opened.isRepairing]).toEqual([false, true, false]);
  });
});

describe('a checkpoint', () => {
  it('fails with DiskMissing when the partial was deleted meanwhile, and nothing of it is believed', async () => {
    const opened = await openJob();
    opened.start();
    await fetchAll(opened, 1);
    await unlink(partialPath);
    await expect(opened.sync()).rejects.toMatchObject({ code: 'DiskMissing' });
  });

  it('fails with DiskMissing when the partial was cut', async () => {
    const opened = await openJob();
    await truncate(partialPath, 10);
    await expect(opened.sync()).rejects.toMatchObject({ code: 'DiskMissing' });
  });

  it('that failed ends the job, and gives its changes to the next one', async () => {
    const opened = await openJob();
    opened.start();
    await fetchAll(opened, 1);
    await unlink(partialPath);
    await checkpointer.flush();
    await expect(opened.finished).rejects.toMatchObject({ code: 'DiskMissing' });
    expect(ledger.size).toBe(0);
    expect(opened.takeChanges().map(({ index }) => index)).toEqual([0]);
  });
});
