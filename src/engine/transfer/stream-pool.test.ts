import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../http/scripted-server.ts';
import { planChunks } from './chunk-plan.ts';
import { ChunkTable, type Claim } from './chunk-table.ts';
import { HostGates } from './host-gates.ts';
import { LocationCache } from './location-cache.ts';
import {
  type RetryNotice,
  StreamPool,
  type StreamPoolDeps,
  type StreamPoolOptions,
  type TransferSource,
} from './stream-pool.ts';

const MB = 1_000_000;

/** Bytes that differ at every place that matters. */
function seeded(size: number): Buffer {
  const content = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) content.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
  return content;
}

const CONTENT = seeded(8 * MB);

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A blob in memory in place of a file. */
class MemorySource implements TransferSource {
  readonly path = 'model.safetensors';
  readonly size: number;
  readonly table: ChunkTable;
  readonly location: LocationCache;
  readonly disk: Buffer;
  readonly complete: Promise<void>;
  /** What writes wait for. */
  diskReady: Promise<void> = Promise.resolve();
  #complete = Promise.withResolvers<void>();

  constructor(size: number, chunkBytes: number, locate: () => Promise<{ url: string }>) {
    this.size = size;
    this.table = new ChunkTable(planChunks(size, chunkBytes));
    this.disk = Buffer.alloc(size);
    this.location = new LocationCache(async () => ({ ...(await locate()), expiresAtMs: null }), Date.now);
    this.complete = this.#complete.promise;
  }

  hasWork(): boolean {
    return !this.table.isComplete;
  }

  claimNext(): Claim | null {
    return this.table.claimNext();
  }

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    await this.diskReady;
    Buffer.concat(buffers).copy(this.disk, position);
  }

  written(...[chunk, range]: Parameters<TransferSource['written']>): void {
    this.table.markReceived(chunk, range);
    if (this.table.isComplete) this.#complete.resolve();
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

interface World {
  readonly server: ScriptedServer;
  readonly pool: StreamPool;
  readonly gates: HostGates;
  readonly retries: RetryNotice[];
  readonly fatal: Promise<AppError>;
  readonly locate: ReturnType<typeof vi.fn<() => Promise<{ url: string }>>>;
  /** Most requests that were open at the same time. */
  readonly peak: { open: number };
  source(size?: number, chunkBytes?: number): MemorySource;
}

async function world(
  answer: Answer,
  options: Partial<StreamPoolOptions> = {},
  deps: Partial<StreamPoolDeps> = {},
): Promise<World> {
  let nth = 0;
  let openRequests = 0;
  const peak = { open: 0 };
  const server = await scriptedServer((request, response) => {
    openRequests += 1;
    peak.open = Math.max(peak.open, openRequests);
    response.on('close', () => {
      openRequests -= 1;
    });
    nth += 1;
    answer(request, response, nth);
  });
  const dispatcher = createDispatcher({ env: {} });
  const now = () => performance.now();
  const gates = new HostGates(now, () => 0.1);
  const retries: RetryNotice[] = [];
  const fatal = Promise.withResolvers<AppError>();
  const locate = vi.fn(async () => ({ url: `${server.origin}/blob` }));
  const pool = new StreamPool(
    {
      dispatcher,
      userAgent: 'test/1',
      hubHost: 'hub.example',
      authorizationFor: () => undefined,
      gates,
      hold: () => undefined,
      now,
      onArrived: () => undefined,
      onRetry: (notice) => retries.push(notice),
      onFatal: fatal.resolve,
      ...deps,
    },
    { profile: 'auto', workers: 4, remembered: null, ...options },
  );
  open.push(
    () => server.close(),
    () => dispatcher.destroy(),
    () => pool.stop(),
  );
  const source = (size = CONTENT.length, chunkBytes = MB) => new MemorySource(size, chunkBytes, locate);
  return { server, pool, gates, retries, fatal: fatal.promise, locate, peak, source };
}

function rangeOf(request: IncomingMessage): [number, number] {
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  return [Number(start), Number(last) + 1];
}

function head(request: IncomingMessage, response: ServerResponse, total: number): [number, number] {
  const [start, end] = rangeOf(request);
  const length = { 'content-range': `bytes ${start}-${end - 1}/${total}`, 'content-length': end - start };
  response.writeHead(206, length);
  response.flushHeaders();
  return [start, end];
}

/** Everything, as fast as it goes. */
const well: Answer = (request, response) => {
  const [start, end] = head(request, response, CONTENT.length);
  response.end(CONTENT.subarray(start, end));
};

/** So many bytes, then the connection breaks. */
function dropAfter(bytes: number): Answer {
  return (request, response) => {
    const [start] = head(request, response, CONTENT.length);
    response.write(CONTENT.subarray(start, start + bytes), () =>
      setTimeout(() => request.socket.destroy(), 20),
    );
  };
}

/** The headers, and then nothing. */
const silent: Answer = (request, response) => {
  head(request, response, CONTENT.length);
};

/** Bytes at a steady pace. */
function paced(bytesPerSecond: number): Answer {
  return (request, response) => {
    let [at, end] = head(request, response, CONTENT.length);
    const timer = setInterval(() => {
      const next = Math.min(end, at + Math.ceil(bytesPerSecond / 50));
      response.write(CONTENT.subarray(at, next));
      at = next;
      if (at === end) response.end();
    }, 20);
    response.on('close', () => clearInterval(timer));
    response.on('finish', () => clearInterval(timer));
  };
}

function expectContent(source: MemorySource): void {
  expect(source.disk.equals(CONTENT.subarray(0, source.size))).toBe(true);
}

describe('a pool of streams', () => {
  it('brings a blob whole, with as many streams as wanted and no byte twice', async () => {
    const onArrived = vi.fn();
    const { pool, source, peak, server } = await world(paced(4 * MB), {}, { onArrived });
    const blob = source();
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(peak.open).toBe(4);
    expect(server.requests.length).toBeLessThan(14);
    const arrived = onArrived.mock.calls.reduce((sum, [bytes, unwanted]) => sum + bytes - unwanted, 0);
    expect(arrived).toBe(CONTENT.length);
  });

  it('asks for the URL once, before it opens more than one stream', async () => {
    const { pool, source, locate, server } = await world(well);
    const asked = Promise.withResolvers<{ url: string }>();
    locate.mockReturnValueOnce(asked.promise);
    const blob = source();
    pool.add(blob);
    await sleep(20);
    expect(pool.openStreams).toBe(1);
    asked.resolve({ url: `${server.origin}/blob` });
    await blob.complete;
    expect(locate).toHaveBeenCalledTimes(1);
  });

  it('uses its connections again', async () => {
    const sockets = new Set<unknown>();
    const { pool, source, server } = await world((request, response, nth) => {
      sockets.add(request.socket);
      well(request, response, nth);
    });
    const blob = source(8 * MB, 100_000);
    pool.add(blob);
    await blob.complete;
    expect(server.requests).toHaveLength(80);
    expect(sockets.size).toBeLessThanOrEqual(5);
  });

  it('brings several blobs, the earlier ones first, and never opens more streams than wanted', async () => {
    const { pool, source, peak } = await world(paced(20 * MB), { workers: 2 });
    const order: string[] = [];
    const blobs = { first: source(), second: source(), late: source() };
    const all = Object.entries(blobs).map(([name, blob]) => blob.complete.then(() => order.push(name)));
    pool.add(blobs.first);
    pool.add(blobs.second);
    await sleep(50);
    pool.add(blobs.late);
    await Promise.all(all);
    expect(order).toEqual(['first', 'second', 'late']);
    expect(peak.open).toBe(2);
    for (const blob of Object.values(blobs)) expectContent(blob);
  });

  it('takes a blob away only when all that had arrived of it is written', async () => {
    const { pool, source } = await world(paced(2 * MB));
    const [gone, stays] = [source(), source()];
    const disk = Promise.withResolvers<void>();
    gone.diskReady = disk.promise;
    pool.add(gone);
    await vi.waitUntil(() =>
      [...gone.table.activeClaims].some(({ position, start }) => position - start > 100_000),
    );
    let isRemoved = false;
    const removed = pool.remove(gone).then(() => {
      isRemoved = true;
    });
    pool.add(stays);
    await sleep(50);
    expect(isRemoved).toBe(false);
    disk.resolve();
    await removed;
    const { receivedBytes } = gone.table;
    expect(receivedBytes).toBeGreaterThan(100_000);
    expect(gone.table.activeClaims.size).toBe(0);
    for (const chunk of gone.table.chunks)
      for (const { start, end } of chunk.received)
        expect(gone.disk.subarray(start, end).equals(CONTENT.subarray(start, end))).toBe(true);
    await stays.complete;
    expect(gone.table.receivedBytes).toBe(receivedBytes);
    expectContent(stays);
  });

  it('is silent and empty after it was stopped', async () => {
    const onArrived = vi.fn();
    const { pool, source, retries, server } = await world(paced(MB), {}, { onArrived });
    const blob = source();
    pool.add(blob);
    await vi.waitUntil(() => onArrived.mock.calls.length > 4);
    await pool.stop();
    const { length } = onArrived.mock.calls;
    const asked = server.requests.length;
    pool.pump();
    pool.add(source());
    pool.retryNow();
    await sleep(100);
    expect(onArrived.mock.calls.length).toBe(length);
    expect(server.requests.length).toBe(asked);
    expect([pool.openStreams, retries.length]).toEqual([0, 0]);
  });

  it('can be stopped while the Hub does not answer', async () => {
    const { pool, source, locate } = await world(well);
    locate.mockReturnValue(new Promise(() => undefined));
    pool.add(source());
    await sleep(10);
    await pool.stop();
    expect(pool.openStreams).toBe(0);
  });

  it('opens several streams for small blobs also where two would be enough for large ones', async () => {
    const { pool, source, peak } = await world(() => undefined, { workers: undefined });
    for (let blob = 0; blob < 12; blob += 1) pool.add(source(100_000));
    await vi.waitUntil(() => peak.open >= 8);
    expect(peak.open).toBe(8);
    expect(pool.wantedStreams).toBe(2);
  });
});

describe('a stream that fails', () => {
  it('goes on from its last byte, at once after it had made progress', async () => {
    const { pool, source, retries, server } = await world(
      (request, response, nth) => (nth === 1 ? dropAfter(400_000) : well)(request, response, nth),
      { workers: 1 },
    );
    const blob = source(CONTENT.length, CONTENT.length);
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(retries).toHaveLength(1);
    expect(retries[0]).toMatchObject({ chunk: 0, attempt: 1, delayMs: 0, error: { code: 'Offline' } });
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      'bytes=0-7999999',
      'bytes=400000-7999999',
    ]);
    expect(blob.table.chunks[0]?.suspect).toBe(true);
  });

  it('is made again through errors of every kind until the blob is whole', async () => {
    const faults: Answer[] = [
      dropAfter(100_000),
      (_, response) => response.writeHead(503).end('busy'),
      (request) => request.socket.destroy(),
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      (request, response) => {
        const [start, end] = rangeOf(request);
        response
          .writeHead(206, { 'content-range': `bytes ${start + 1}-${end}/${CONTENT.length}` })
          .end('wrong');
      },
    ];
    const { pool, source, retries } = await world((request, response, nth) =>
      (faults[nth % 7] ?? well)(request, response, nth),
    );
    const blob = source();
    const nagging = setInterval(() => pool.retryNow(), 30);
    pool.add(blob);
    await blob.complete;
    clearInterval(nagging);
    expectContent(blob);
    expect(new Set(retries.map(({ error }) => error.code))).toEqual(new Set(['Offline', 'ServerError']));
  });

  it('waits as long as the server asks, with all streams, and says so', async () => {
    const answers: number[] = [];
    const { pool, source, retries, fatal } = await world((request, response, nth) => {
      answers.push(performance.now());
      if (nth <= 4) response.writeHead(429, { 'retry-after': '1' }).end();
      else well(request, response, nth);
    });
    const blob = source();
    pool.add(blob);
    await vi.waitUntil(() => retries.length === 4);
    expect(pool.wait).toMatchObject({ error: { code: 'RateLimited' }, attempt: 1 });
    expect(pool.openStreams).toBe(0);
    await Promise.race([blob.complete, fatal]);
    expect(pool.wait).toBeNull();
    expect((answers[4] ?? 0) - (answers[3] ?? 0)).toBeGreaterThan(900);
    expectContent(blob);
  });

  it('is followed by one probe, not by all streams at once', async () => {
    const { pool, source, retries, server } = await world((request, response, nth) => {
      if (nth <= 6) response.writeHead(500).end();
      else well(request, response, nth);
    });
    const blob = source();
    pool.add(blob);
    await blob.complete;
    // Four fail together, then the probes do, one at a time.
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 2, 3]);
    expect(server.requests.length).toBeGreaterThan(6);
    expectContent(blob);
  });

  it('does not keep a server busy that sends one byte and closes', async () => {
    const { pool, source, server, retries } = await world(dropAfter(1));
    pool.add(source());
    await vi.waitUntil(() => retries.length > 5);
    const asked = server.requests.length;
    await sleep(1500);
    expect(server.requests.length - asked).toBeLessThanOrEqual(6);
    expect(retries.at(-1)?.attempt).toBeGreaterThan(2);
  });

  it('leaves a host alone that is in trouble although the Hub is not', async () => {
    const { pool, source, locate, retries } = await world((request) => request.socket.destroy());
    pool.add(source());
    await sleep(1000);
    // With waits of 100, 200, 400 ms … there is time for few; without them there would be hundreds.
    expect(locate.mock.calls.length).toBeLessThan(8);
    expect(retries.length).toBeLessThan(12);
  });

  it('keeps working for other hosts', async () => {
    const { pool, source, gates, locate, server } = await world((request, response, nth) => {
      if (request.headers.host?.startsWith('localhost')) request.socket.destroy();
      else well(request, response, nth);
    });
    locate.mockImplementationOnce(async () => ({ url: `${server.foreignOrigin}/blob` }));
    const [broken, good] = [source(), source()];
    pool.add(broken);
    pool.add(good);
    await good.complete;
    expectContent(good);
    expect(gates.isProbing(new URL(server.origin).host)).toBe(false);
  });

  it('gets a new URL when its URL is refused, once for all streams and without a wait', async () => {
    const { pool, source, locate, retries, server } = await world((request, response, nth) => {
      if (request.url === '/old') response.writeHead(403).end('Request has expired');
      else well(request, response, nth);
    });
    locate.mockResolvedValueOnce({ url: `${server.origin}/old` });
    const blob = source();
    pool.add(blob);
    await blob.complete;
    expect(locate).toHaveBeenCalledTimes(2);
    expect(new Set(retries.map(({ delayMs }) => delayMs))).toEqual(new Set([0]));
    expectContent(blob);
  });

  it('ends the pool when fresh URLs are refused again and again, with what the server says', async () => {
    const { pool, source, fatal, locate } = await world((_, response) =>
      response.writeHead(403).end('AccessDenied by policy'),
    );
    pool.add(source());
    const error = await fatal;
    expect(error).toMatchObject({ retryable: false });
    expect(error.message).toContain('AccessDenied by policy');
    expect(locate).toHaveBeenCalledTimes(3);
  });
});

describe('an error that no retry mends', () => {
  it.each([
    ['a file that is gone', 404, 'NotFound'],
    ['a request that is refused for good', 400, 'ServerError'],
  ])('%s ends all streams, once', async (_, status, code) => {
    const onFatal = vi.fn();
    const { pool, source, retries } = await world(
      (_request, response) => response.writeHead(status).end(),
      {},
      { onFatal },
    );
    pool.add(source());
    await vi.waitUntil(() => onFatal.mock.calls.length > 0);
    await pool.stop();
    expect(onFatal).toHaveBeenCalledTimes(1);
    expect(onFatal.mock.calls[0]?.[0]).toMatchObject({ code });
    expect(retries).toEqual([]);
  });

  it('of the Hub ends them too', async () => {
    const { pool, source, fatal, locate } = await world(well);
    locate.mockRejectedValue(new AppError('Gated', 'Ask for access.'));
    pool.add(source());
    expect((await fatal).code).toBe('Gated');
  });

  it('of the disk ends them, and leaves no byte marked that is not written', async () => {
    const { pool, source, fatal } = await world(paced(5 * MB));
    const blob = source();
    blob.write = async (buffers, position) => {
      if (position >= 2 * MB) throw new AppError('DiskFull', 'Full.');
      Buffer.concat(buffers).copy(blob.disk, position);
    };
    pool.add(blob);
    expect((await fatal).code).toBe('DiskFull');
    await pool.stop();
    for (const chunk of blob.table.chunks)
      for (const { end } of chunk.received) expect(end).toBeLessThanOrEqual(2 * MB + 1);
  });

  it('is a server that ignores ranges', async () => {
    const { pool, source, fatal } = await world((_, response) =>
      response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT),
    );
    const blob = source();
    const nagging = setInterval(() => pool.retryNow(), 20);
    pool.add(blob);
    expect((await fatal).code).toBe('RangeUnsupported');
    clearInterval(nagging);
    // Nothing but the first chunk can be read from the start of the file.
    await pool.stop();
    expect(blob.disk.subarray(MB).every((byte) => byte === 0)).toBe(true);
  });

  it('thrown by a listener ends the pool in place of the process', async () => {
    const onRetry = () => {
      throw new Error('listener');
    };
    const { pool, source, fatal } = await world((request) => request.socket.destroy(), {}, { onRetry });
    pool.add(source());
    expect((await fatal).code).toBe('Internal');
  });
});

describe('at the tail', () => {
  it('idle streams take work from a slow one, and the end comes sooner', async () => {
    const { pool, source, server, retries } = await world((request, response, nth) =>
      (nth === 1 ? paced(100_000) : paced(8 * MB))(request, response, nth),
    );
    const blob = source(CONTENT.length, 2 * MB);
    const started = performance.now();
    pool.add(blob);
    await blob.complete;
    // Alone, the slow stream would have needed 20 s for its chunk.
    expect(performance.now() - started).toBeLessThan(9000);
    expectContent(blob);
    expect(server.requests.length).toBeGreaterThan(4);
    expect(retries).toEqual([]);
  });

  it('the last bytes of a dribbling stream are fetched over a new connection', async () => {
    const { pool, source, retries } = await world(
      (request, response, nth) => (nth === 1 ? paced(50) : paced(4 * MB))(request, response, nth),
      { workers: 2 },
    );
    const blob = source();
    const started = performance.now();
    pool.add(blob);
    await blob.complete;
    expect(performance.now() - started).toBeLessThan(12_000);
    expect(retries).toMatchObject([{ delayMs: 0, error: { code: 'Stalled' } }]);
    expectContent(blob);
  });

  it('a stream that never says anything loses its work too, and is dialled again long before it counts as stalled', async () => {
    const { pool, source, server } = await world((request, response, nth) =>
      (nth === 1 ? silent : well)(request, response, nth),
    );
    const blob = source(CONTENT.length, 2 * MB);
    pool.add(blob);
    const started = performance.now();
    await blob.complete;
    expect(performance.now() - started).toBeLessThan(12_000);
    expect(server.requests.length).toBeGreaterThan(4);
    expectContent(blob);
  });
});

describe('trying now', () => {
  it('ends the waits, and dials again where nothing comes', async () => {
    let isDown = true;
    const { pool, source, retries } = await world((request, response, nth) => {
      if (!isDown) well(request, response, nth);
      else if (nth === 1) silent(request, response, nth);
      else response.writeHead(503, { 'retry-after': '600' }).end();
    });
    const blob = source();
    pool.add(blob);
    await vi.waitUntil(() => retries.length > 0);
    await sleep(3500);
    expect(pool.openStreams).toBe(1);
    isDown = false;
    pool.retryNow();
    await blob.complete;
    expectContent(blob);
  });
});
