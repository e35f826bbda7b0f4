import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockChecksOf } from '../../integrity/block-crc.ts';
import { type Hasher, HashPool } from '../../integrity/hash-pool.ts';
import type { FilePart } from '../../integrity/hash-protocol.ts';
import { planChunks } from '../../transfer/chunk-plan.ts';
import { type Chunk, ChunkTable } from '../../transfer/chunk-table.ts';
import { ChunkHashes } from './chunk-hashes.ts';

const MIB = 1024 * 1024;
const CHUNK = 20 * MIB;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let path: string;
let pool: HashPool;
let table: ChunkTable;
/** The parts that were read and by whom, in the order of the requests. */
let steps: FilePart[];
let hashes: ChunkHashes;
const content = randomBytes(2 * CHUNK);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-chunk-hashes-'));
  path = join(folder, 'partial');
  pool = new HashPool(new URL('../../integrity/hash-worker.ts', import.meta.url), 2);
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  table = new ChunkTable(planChunks(content.length, CHUNK));
  steps = [];
  const watched: Hasher = {
    hash: (part, algorithm) => pool.hash(part, algorithm),
    openStream: (algorithm, size) => pool.openStream(algorithm, size),
    blockCrcs: (part) => pool.blockCrcs(part),
    openPart: () => {
      const stream = pool.openPart();
      return {
        ...stream,
        feed: (part) => {
          steps.push(part);
          return stream.feed(part);
        },
      };
    },
  };
  hashes = new ChunkHashes(watched, path);
  await rm(path, { force: true });
  await (await open(path, 'w')).close();
  await truncate(path, content.length);
});

/** The expected result for a chunk. */
function expected(index: number) {
  const range = { start: index * CHUNK, end: (index + 1) * CHUNK };
  const bytes = content.subarray(range.start, range.end);
  return { sha256: sha256(bytes), checks: blockChecksOf([bytes], range.start) };
}

const chunkAt = (index: number) => table.chunks[index] as Chunk;

/** Writes bytes to disk, as an attempt would. */
async function arrive(start: number, end: number, bytes = content): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytes, start, end - start, start);
  await file.close();
  const chunk = chunkAt(Math.floor(start / CHUNK));
  if (!table.markReceived(chunk, { start, end })) hashes.follow(chunk);
}

const whenRead = (count: number) => expect.poll(() => steps.length).toBe(count);

describe('ChunkHashes', () => {
  it('hashes a chunk while it grows, and gives the same digest as one read of it', async () => {
    await arrive(0, 5 * MIB);
    await whenRead(1);
    await arrive(5 * MIB, CHUNK - 1000);
    await arrive(CHUNK - 1000, CHUNK);
    expect(await hashes.digest(chunkAt(0))).toEqual(expected(0));
    expect(steps.at(-1)?.start).toBeGreaterThanOrEqual(5 * MIB);
  });

  it('goes no further than the first gap', async () => {
    await arrive(0, 5 * MIB);
    await arrive(10 * MIB, CHUNK);
    expect(steps).toEqual([{ path, start: 0, end: 5 * MIB }]);
    await arrive(5 * MIB, 10 * MIB);
    expect(await hashes.digest(chunkAt(0))).toEqual(expected(0));
  });

  it('reads whole blocks while a chunk grows: a block is checked in one go', async () => {
    await arrive(0, 5 * MIB + 1000);
    await whenRead(1);
    expect(steps[0]?.end).toBe(5 * MIB);
  });

  it('does not begin with a chunk whose beginning is not there', async () => {
    await arrive(5 * MIB, CHUNK);
    expect(steps).toEqual([]);
  });

  it('keeps chunks apart that grow at the same time', async () => {
    for (let at = 0; at < CHUNK; at += 2 * MIB) {
      await arrive(at, at + 2 * MIB);
      await arrive(CHUNK + at, CHUNK + at + 2 * MIB);
    }
    const digests = await Promise.all([hashes.digest(chunkAt(0)), hashes.digest(chunkAt(1))]);
    expect(digests).toEqual([expected(0), expected(1)]);
  });

  it('starts over with a chunk that was discarded', async () => {
    await arrive(0, 10 * MIB, randomBytes(10 * MIB));
    const chunk = chunkAt(0);
    table.markReceived(chunk, chunk.range);
    table.reopenParts(chunk, [chunk.range]);
    hashes.forget(chunk);
    await arrive(0, 10 * MIB);
    await arrive(10 * MIB, CHUNK);
    expect(await hashes.digest(chunk)).toEqual(expected(0));
  });

  it('reads a chunk as a whole when a step failed, and reports the error', async () => {
    const gone = new ChunkHashes(pool, join(folder, 'nothing'));
    const chunk = chunkAt(0);
    table.markReceived(chunk, { start: 0, end: 5 * MIB });
    gone.follow(chunk);
    await expect(gone.digest(chunk)).rejects.toMatchObject({ code: 'DiskMissing' });
  });

  it('fails when the file became shorter', async () => {
    await arrive(0, 5 * MIB);
    await arrive(5 * MIB, CHUNK);
    await truncate(path, 6 * MIB);
    await expect(hashes.digest(chunkAt(0))).rejects.toMatchObject({ code: 'DiskMissing' });
  });

  it('can be dropped in the middle', async () => {
    await arrive(0, 5 * MIB);
    hashes.drop();
    await arrive(5 * MIB, CHUNK);
    expect(await hashes.digest(chunkAt(0))).toEqual(expected(0));
    expect(steps.at(-1)).toEqual({ path, start: 0, end: CHUNK });
  });
});
