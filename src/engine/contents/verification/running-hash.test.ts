import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HashPool } from '../../integrity/hash-pool.ts';
import { planChunks } from '../../transfer/chunk-plan.ts';
import { type Chunk, ChunkTable } from '../../transfer/chunk-table.ts';
import { RunningHash } from './running-hash.ts';

const CHUNK = 10_000;
const SIZE = 4 * CHUNK + 5000;
const content = randomBytes(SIZE);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let path: string;
let pool: HashPool;
let table: ChunkTable;
let hash: RunningHash;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-running-'));
  path = join(folder, 'partial');
  pool = new HashPool(new URL('../../integrity/hash-worker.ts', import.meta.url), 2);
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await writeFile(path, content);
  table = new ChunkTable(planChunks(SIZE, CHUNK));
  hash = new RunningHash(pool, { algorithm: 'sha256', size: SIZE }, table, path);
});

const check = (...indexes: number[]) => {
  for (const index of indexes) (table.chunks[index] as Chunk).checked = true;
};

describe('RunningHash', () => {
  it('takes chunks in file order, whatever order they are completed in', async () => {
    check(1, 2);
    expect(await hash.advance()).toBeNull();
    expect(hash.hashedBytes).toBe(0);
    check(0);
    expect(await hash.advance()).toBeNull();
    expect(hash.hashedBytes).toBe(3 * CHUNK);
    check(4, 3);
    expect(await hash.advance()).toBe(sha256(content));
    expect(hash.hashedBytes).toBe(SIZE);
  });

  it('takes chunks that are completed while it is hashing', async () => {
    check(0);
    const advancing = hash.advance();
    check(1, 2, 3, 4);
    expect(await advancing).toBe(sha256(content));
  });

  it('gives the digest to one caller only', async () => {
    check(0, 1, 2, 3, 4);
    const answers = await Promise.all([hash.advance(), hash.advance(), hash.advance()]);
    expect(answers.filter((digest) => digest !== null)).toEqual([sha256(content)]);
    expect(await hash.advance()).toBeNull();
  });

  it('reads everything again after a restart', async () => {
    check(0, 1, 2, 3, 4);
    await hash.advance();
    const other = randomBytes(SIZE);
    await writeFile(path, other);
    hash.restart();
    expect(hash.hashedBytes).toBe(0);
    expect(await hash.advance()).toBe(sha256(other));
  });

  it('starts over at any time after a rewind, with what is on disk by then', async () => {
    check(0, 1, 2);
    const advancing = hash.advance();
    const other = randomBytes(SIZE);
    await writeFile(path, other, { flag: 'r+' }); // Never shorter than it was.
    hash.rewind();
    await advancing;
    check(3, 4);
    hash.rewind();
    expect(await hash.advance()).toBe(sha256(other));
  });

  it('gives the digest of an empty content at once', async () => {
    const empty = new RunningHash(
      pool,
      { algorithm: 'git-sha1', size: 0 },
      new ChunkTable(planChunks(0, CHUNK)),
      path,
    );
    // The hash that git gives to every empty file.
    expect(await empty.advance()).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  });

  it('takes the hash of the only chunk for that of the file, where it is the same', async () => {
    const single = new ChunkTable(planChunks(SIZE, SIZE));
    const [chunk] = single.chunks;
    const only = new RunningHash(pool, { algorithm: 'sha256', size: SIZE }, single, path);
    expect(await only.advance()).toBeNull();
    Object.assign(chunk as Chunk, { sha256: 'of the chunk', checked: true });
    expect(await only.advance()).toBe('of the chunk');
    expect(only.hashedBytes).toBe(SIZE);
    expect(only.found).toBe('of the chunk');
    expect(await only.advance()).toBeNull();
  });

  it('hashes a content of one chunk that has a git hash', async () => {
    const single = new ChunkTable(planChunks(SIZE, SIZE));
    Object.assign(single.chunks[0] as Chunk, { sha256: sha256(content), checked: true });
    const only = new RunningHash(pool, { algorithm: 'git-sha1', size: SIZE }, single, path);
    const expected = createHash('sha1').update(`blob ${SIZE}\0`).update(content).digest('hex');
    expect(await only.advance()).toBe(expected);
  });

  it('fails when the file became shorter', async () => {
    await truncate(path, CHUNK / 2);
    check(0);
    await expect(hash.advance()).rejects.toMatchObject({ code: 'DiskMissing' });
  });

  it('can be dropped in the middle', async () => {
    check(0);
    await hash.advance();
    expect(() => hash.drop()).not.toThrow();
  });
});
