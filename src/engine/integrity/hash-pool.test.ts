import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cutBytes } from '../sources/xet/format/cut-bytes.ts';
import type { HashedSpan } from '../sources/xet/format/tree.ts';
import { CUT_RULES, type CutRule } from '../sources/xet/kernel/limits.ts';
import { wasmKernel } from '../sources/xet/kernel/wasm-kernel.ts';
import { HashPool } from './hash-pool.ts';

const WORKER = new URL('hash-worker.ts', import.meta.url);
const SIZE = 3_000_000;

let folder: string;
let path: string;
let content: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-hash-'));
  path = join(folder, 'content');
  content = randomBytes(SIZE);
  await writeFile(path, content);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pools: HashPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});
function makePool(threads = 2, worker = WORKER): HashPool {
  const pool = new HashPool(worker, threads);
  pools.push(pool);
  return pool;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('hash', () => {
  it.each([
    [0, SIZE],
    [0, 0],
    [1, 2],
    [1_048_575, 1_048_577],
    [2_500_000, SIZE],
  ])('digests the bytes from %d to %d', async (start, end) => {
    expect(await makePool().hash({ path, start, end }, 'sha256')).toBe(sha256(content.subarray(start, end)));
  });

  it('fails with DiskMissing when the file ends before the part does', async () => {
    const hashing = makePool().hash({ path, start: 0, end: SIZE + 1 }, 'sha256');
    await expect(hashing).rejects.toMatchObject({ code: 'DiskMissing', details: { cut: true } });
  });

  it('fails with DiskMissing when the file is not there', async () => {
    const hashing = makePool().hash({ path: join(folder, 'nothing'), start: 0, end: 1 }, 'sha256');
    await expect(hashing).rejects.toMatchObject({ code: 'DiskMissing' });
  });

  it('fails with DiskPermission when the file cannot be read', async () => {
    const secret = join(folder, 'secret');
    await writeFile(secret, 'x');
    await chmod(secret, 0);
    const pool = makePool();
    await pool.hash({ path, start: 0, end: 1 }, 'sha256'); // The thread must run before permissions are dropped.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      const hashing = pool.hash({ path: secret, start: 0, end: 1 }, 'sha256');
      await expect(hashing).rejects.toMatchObject({ code: 'DiskPermission' });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('is not disturbed by a job that failed', async () => {
    const pool = makePool(1);
    const bad = pool.hash({ path: join(folder, 'nothing'), start: 0, end: 1 }, 'sha256');
    const good = pool.hash({ path, start: 0, end: SIZE }, 'sha256');
    await expect(bad).rejects.toThrow();
    expect(await good).toBe(sha256(content));
  });
});

describe('pieces', () => {
  const whole = wasmKernel(SIZE);
  const expected = (start: number, end: number, rule: CutRule = 'modern') =>
    cutBytes(whole, content.subarray(start, end), rule);
  const flat = (chunks: readonly HashedSpan[]) => ({
    lengths: Uint32Array.from(chunks, ({ length }) => length),
    hashes: Uint8Array.from(chunks.flatMap(({ hash }) => [...hash])),
  });

  it.each(CUT_RULES)('divides a file by the %s rule, whatever part is read at once', async (rule) => {
    const pieces = await makePool().pieces({ path, start: 0, end: SIZE }, { rule, borders: [] });
    expect(pieces).toEqual(flat(expected(0, SIZE, rule)));
  });

  it('cuts at each border and starts over there', async () => {
    const borders = [0, 10, 1_000_000, 1_000_001, SIZE];
    const pieces = await makePool().pieces({ path, start: 5, end: SIZE }, { rule: 'modern', borders });
    const runs = [
      expected(5, 10),
      expected(10, 1_000_000),
      expected(1_000_000, 1_000_001),
      expected(1_000_001, SIZE),
    ];
    expect(pieces).toEqual(flat(runs.flat()));
  });

  it('fails with DiskMissing when the file ends before the part does', async () => {
    const cutting = { rule: 'modern', borders: [] } as const;
    await expect(makePool().pieces({ path, start: 0, end: SIZE + 1 }, cutting)).rejects.toMatchObject({
      code: 'DiskMissing',
    });
  });
});

describe('decode', () => {
  const STORED = Buffer.from('000c0000000c000048656c6c6f20576f726c6421', 'hex');
  const shared = (bytes: number) => new Uint8Array(new SharedArrayBuffer(bytes));

  it('brings chunks into memory that is shared', async () => {
    const records = shared(STORED.length);
    records.set(STORED);
    const out = shared(100);
    await makePool().decode({ records, count: 1, chunkBytes: 12 }, out);
    expect(Buffer.from(out).toString('latin1', 0, 13)).toBe('Hello World!\0');
  });

  it('fails with ServerError, not to be retried, for records that cannot be decoded', async () => {
    const decoding = makePool().decode({ records: STORED, count: 2, chunkBytes: 24 }, shared(24));
    await expect(decoding).rejects.toMatchObject({ code: 'ServerError', retryable: false });
  });

  it('does not wait for pieces that are cut, when the other thread only has the hash of a file to come', async () => {
    const large = join(folder, 'large');
    await writeFile(large, '');
    await truncate(large, 2 ** 28);
    const pool = makePool();
    const whole = { path, start: 0, end: SIZE };
    await Promise.all([pool.hash(whole, 'sha256'), pool.hash(whole, 'sha256')]); // Both threads run now.
    pool.openStream('sha256', 2 ** 28);
    const order: string[] = [];
    const cutting = { rule: 'modern', borders: [] } as const;
    const pieces = pool
      .pieces({ path: large, start: 0, end: 2 ** 26 }, cutting)
      .then(() => order.push('pieces'));
    const decoded = pool
      .decode({ records: STORED, count: 1, chunkBytes: 12 }, shared(12))
      .then(() => order.push('decoded'));
    await Promise.all([pieces, decoded]);
    expect(order).toEqual(['decoded', 'pieces']);
    await rm(large);
  });

  it('is over when the pool is closed', async () => {
    const pool = makePool();
    await pool.close();
    const decoding = pool.decode({ records: STORED, count: 1, chunkBytes: 12 }, shared(12));
    await expect(decoding).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

describe('openStream', () => {
  it('digests what it is fed, as SHA-256', async () => {
    const stream = makePool().openStream('sha256', SIZE);
    await stream.feed({ path, start: 0, end: 1_000_000 });
    await stream.feed({ path, start: 1_000_000, end: SIZE });
    expect(await stream.digest()).toBe(sha256(content));
  });

  it.each([0, 1, SIZE])('names a content of %d bytes as git does', async (size) => {
    const blob = join(folder, `blob-${size}`);
    await writeFile(blob, content.subarray(0, size));
    const { stdout } = await promisify(execFile)('git', ['hash-object', '--no-filters', blob]);
    const stream = makePool().openStream('git-sha1', size);
    await stream.feed({ path: blob, start: 0, end: size });
    expect(await stream.digest()).toBe(stdout.trim());
  });

  it('keeps streams and hashes apart that run at the same time', async () => {
    const pool = makePool(2);
    const forwards = pool.openStream('sha256', SIZE);
    const second = pool.openStream('sha256', SIZE);
    const step = 100_000;
    const hashes: Array<Promise<boolean>> = [];
    for (let start = 0; start < SIZE; start += step) {
      const part = { path, start, end: start + step };
      const expected = sha256(content.subarray(start, start + step));
      hashes.push(pool.hash(part, 'sha256').then((digest) => digest === expected));
      await Promise.all([
        forwards.feed(part),
        second.feed({ path, start: SIZE - start - step, end: SIZE - start }),
      ]);
    }
    const backwards = Array.from({ length: SIZE / step }, (_, at) =>
      content.subarray(SIZE - (at + 1) * step, SIZE - at * step),
    );
    expect(await forwards.digest()).toBe(sha256(content));
    expect(await second.digest()).toBe(sha256(Buffer.concat(backwards)));
    expect(await Promise.all(hashes)).not.toContain(false);
  });

  it('gives no digest after a part that could not be read whole', async () => {
    const stream = makePool().openStream('sha256', SIZE);
    await expect(stream.feed({ path, start: 0, end: SIZE + 1 })).rejects.toMatchObject({
      code: 'DiskMissing',
    });
    await expect(stream.digest()).rejects.toThrow();
  });

  it('takes nothing more after it was dropped', async () => {
    const stream = makePool(1).openStream('sha256', SIZE);
    await stream.feed({ path, start: 0, end: 1 });
    stream.drop();
    await expect(stream.feed({ path, start: 0, end: 1 })).rejects.toThrow();
  });
});

describe('openPart', () => {
  it('digests a part that is fed in steps', async () => {
    const stream = makePool().openPart();
    await stream.feed({ path, start: 7, end: 1_000_000 });
    await stream.feed({ path, start: 1_000_000, end: SIZE });
    expect(await stream.digest()).toBe(sha256(content.subarray(7)));
  });
});

describe('a worker that ends', () => {
  /** Exits at the first message about a file named after a way to die; answers others like the real one. */
  const mortal = async () => {
    const file = join(folder, 'mortal-worker.ts');
    const code = `
      import { parentPort } from 'node:worker_threads';
      const on = parentPort.on.bind(parentPort);
      parentPort.on = (name, listener) => on(name, (message) => {
        const path = message.request.part?.path;
        if (path === 'throw') throw new Error('boom');
        if (path === 'exit') process.exit(3);
        listener(message);
      });
      await import(${JSON.stringify(WORKER.href)});`;
    await writeFile(file, code);
    return new URL(`file://${file}`);
  };

  it.each(['throw', 'exit'])('(%s) fails its jobs and streams, and the next job works', async (death) => {
    const pool = makePool(1, await mortal());
    const stream = pool.openStream('sha256', SIZE);
    await stream.feed({ path, start: 0, end: 10 });
    const dying = pool.hash({ path: death, start: 0, end: 1 }, 'sha256');
    const waiting = pool.hash({ path, start: 0, end: 1 }, 'sha256');
    const feeding = stream.feed({ path, start: 0, end: 10 });
    for (const lost of [dying, waiting, feeding])
      await expect(lost).rejects.toMatchObject({ code: 'Internal' });
    await expect(stream.feed({ path, start: 0, end: 10 })).rejects.toMatchObject({ code: 'Internal' });
    expect(await pool.hash({ path, start: 0, end: SIZE }, 'sha256')).toBe(sha256(content));
  });

  it('fails each job when it cannot even be started', async () => {
    const pool = makePool(2, new URL('file:///nowhere/hash-worker.js'));
    await expect(pool.hash({ path, start: 0, end: 1 }, 'sha256')).rejects.toMatchObject({ code: 'Internal' });
    await expect(pool.hash({ path, start: 0, end: 1 }, 'sha256')).rejects.toMatchObject({ code: 'Internal' });
  });
});

describe('close', () => {
  it('fails what is still running, and everything after, with Cancelled', async () => {
    const pool = makePool(2);
    const stream = pool.openStream('sha256', SIZE);
    const jobs = [stream.feed({ path, start: 0, end: SIZE })];
    for (let count = 0; count < 20; count += 1) {
      jobs.push(pool.hash({ path, start: 0, end: SIZE }, 'sha256').then(() => undefined));
    }
    const outcomes = Promise.allSettled(jobs);
    await pool.close();
    const cancelled = (await outcomes).filter((outcome) => outcome.status === 'rejected');
    expect(cancelled.length).toBeGreaterThan(0);
    for (const { reason } of cancelled) expect(reason).toMatchObject({ code: 'Cancelled' });
    await expect(pool.hash({ path, start: 0, end: 1 }, 'sha256')).rejects.toMatchObject({
      code: 'Cancelled',
    });
    await expect(pool.safetensorsProblem(path)).rejects.toMatchObject({ code: 'Cancelled' });
    await expect(stream.digest()).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

describe('safetensorsProblem', () => {
  it('reads the header in a thread', async () => {
    expect(await makePool().safetensorsProblem(path)).toMatch(/longer than the file/);
  });

  it('survives the worst header that is parsed', async () => {
    const bomb = join(folder, 'bomb.safetensors');
    const text = Buffer.from(`[${'{},'.repeat(2_600_000)}{}]`);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    await writeFile(bomb, Buffer.concat([length, text]));
    expect(await makePool(1).safetensorsProblem(bomb)).toMatch(/not JSON/);
  });
});

describe('writtenParts', () => {
  it('distinguishes content from holes', async () => {
    const sparse = join(folder, 'sparse');
    const handle = await open(sparse, 'w');
    await handle.write(content, 0, 10_000, 40_000_000);
    await handle.close();
    await truncate(sparse, 80_000_000);
    expect(await makePool().writtenParts(sparse, 2 ** 40)).toEqual([[40_000_000, 40_010_000]]);
  });
});

describe('the process', () => {
  /** Runs a program with a pool in it; resolves to its output once it has exited by itself. */
  const run = async (program: string): Promise<string> => {
    const code = `
      const { HashPool } = await import(${JSON.stringify(new URL('hash-pool.ts', import.meta.url).href)});
      const pool = new HashPool(new URL(${JSON.stringify(WORKER.href)}), 2);
      const part = { path: ${JSON.stringify(path)}, start: 0, end: ${SIZE} };
      ${program}`;
    const script = join(folder, 'program.mjs');
    await writeFile(script, code);
    const child = spawn(process.execPath, [script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(0);
    return output;
  };

  it('ends while threads are idle, and not before a job is done', async () => {
    expect(await run("pool.hash(part, 'sha256').then((digest) => process.stdout.write(digest));")).toBe(
      sha256(content),
    );
  });

  it('does not grow with the amount hashed', async () => {
    const grown = await run(`
      const many = async () => { for (let i = 0; i < 60; i += 1) await Promise.all([pool.hash(part, 'sha256'), pool.hash(part, 'sha256')]); };
      await many();
      const before = process.memoryUsage().rss;
      await many(); await many();
      process.stdout.write(String(process.memoryUsage().rss - before));`);
    expect(Number(grown)).toBeLessThan(30_000_000);
  });
});
