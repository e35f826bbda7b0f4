import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CONTENT, closeAll, expectContent, MB, paced, silent, well, world } from './test-scheduler.ts';

afterEach(closeAll);

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
    const { pool, source, hub, server } = await world(well);
    const locate = vi.spyOn(hub, 'locate');
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
    const hasBegun = () =>
      [...gone.table.activeClaims].some(({ position, start }) => position - start > 100_000);
    await vi.waitUntil(hasBegun, { timeout: 20_000 });
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
    await vi.waitUntil(() => onArrived.mock.calls.length > 4, { timeout: 20_000 });
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

  it('rests when it is told to, with all that had arrived written, and goes on when it is told to', async () => {
    const onArrived = vi.fn();
    const { pool, source, retries, server } = await world(paced(2 * MB), {}, { onArrived });
    const blob = source();
    pool.add(blob);
    await vi.waitUntil(() => onArrived.mock.calls.length > 4, { timeout: 20_000 });
    await pool.rest();
    const asked = server.requests.length;
    const { receivedBytes } = blob.table;
    pool.pump();
    await sleep(400);
    expect([pool.openStreams, server.requests.length]).toEqual([0, asked]);
    for (const chunk of blob.table.chunks)
      for (const { start, end } of chunk.received)
        expect(blob.disk.subarray(start, end).equals(CONTENT.subarray(start, end))).toBe(true);
    expect(blob.table.receivedBytes).toBe(receivedBytes);
    pool.retryNow();
    await blob.complete;
    expectContent(blob);
    expect(retries).toEqual([]);
  });

  it('can be stopped while the Hub does not answer', async () => {
    const { pool, source, hub } = await world(well);
    const locate = vi.spyOn(hub, 'locate');
    locate.mockReturnValue(new Promise(() => undefined));
    pool.add(source());
    await sleep(10);
    await pool.stop();
    expect(pool.openStreams).toBe(0);
  });

  it('opens several streams for small blobs also where fewer would be enough for large ones', async () => {
    const { pool, source, peak } = await world(() => undefined, { workers: undefined });
    for (let blob = 0; blob < 40; blob += 1) pool.add(source(100_000));
    await vi.waitUntil(() => peak.open >= 32, { timeout: 20_000 });
    expect(peak.open).toBe(32);
    expect(pool.wantedStreams).toBe(4);
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
      else response.writeHead(503).end();
    });
    const blob = source();
    pool.add(blob);
    await vi.waitUntil(() => retries.length > 0, { timeout: 20_000 });
    await sleep(3500);
    expect(pool.openStreams).toBe(1);
    isDown = false;
    pool.retryNow();
    await blob.complete;
    expectContent(blob);
  });
});
