import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { bytesThenBreak, Line } from './test-line.ts';
import {
  type Answer,
  CONTENT,
  closeAll,
  dropAfter,
  expectContent,
  MB,
  paced,
  rangeOf,
  well,
  world,
} from './test-scheduler.ts';

afterEach(closeAll);

describe('a failed attempt', () => {
  it('is continued from its last byte, at once if it had made progress', async () => {
    const { pool, item, retries, server } = await world(
      (request, response, nth) => (nth === 1 ? dropAfter(400_000) : well)(request, response, nth),
      { workers: 1 },
    );
    const blob = item(CONTENT.length, CONTENT.length);
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(retries).toHaveLength(1);
    expect(retries[0]).toMatchObject({ chunk: 0, attempt: 1, delayMs: 0, error: { code: 'Offline' } });
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=400000-7999999']);
    expect(blob.table.chunks[0]?.suspect).toBe(true);
  });

  it('is repeated through errors of every kind until the content is complete', async () => {
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
    const { pool, item, retries } = await world((request, response, nth) =>
      (faults[nth % 7] ?? well)(request, response, nth),
    );
    const blob = item();
    const nagging = setInterval(() => pool.retryNow(), 30);
    pool.add(blob);
    await blob.complete;
    clearInterval(nagging);
    expectContent(blob);
    expect(new Set(retries.map(({ error }) => error.code))).toEqual(new Set(['Offline', 'ServerError']));
  });

  it('waits as long as the server asks, with all attempts, and reports it', async () => {
    const answers: number[] = [];
    const { pool, item, retries, fatal } = await world((request, response, nth) => {
      answers.push(performance.now());
      if (nth <= 4) response.writeHead(429, { 'retry-after': '1' }).end();
      else well(request, response, nth);
    });
    const blob = item();
    pool.add(blob);
    await vi.waitUntil(() => retries.length === 4, { timeout: 20_000 });
    expect(pool.wait).toMatchObject({ error: { code: 'RateLimited' }, attempt: 1 });
    expect(pool.openStreams).toBe(0);
    await Promise.race([blob.complete, fatal]);
    expect(pool.wait).toBeNull();
    expect((answers[4] ?? 0) - (answers[3] ?? 0)).toBeGreaterThan(900);
    expectContent(blob);
  });

  it('is followed by one probe, not by all attempts at once', async () => {
    const { pool, item, retries, server } = await world((request, response, nth) => {
      if (nth <= 6) response.writeHead(500).end();
      else well(request, response, nth);
    });
    const blob = item();
    pool.add(blob);
    await blob.complete;
    // Four attempts fail together, then the probes fail, one at a time.
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 2, 3]);
    expect(server.requests.length).toBeGreaterThan(6);
    expectContent(blob);
  });

  it('does not keep a server busy that sends one byte and closes', async () => {
    const line = new Line(bytesThenBreak(1));
    line.scheduler.add(line.item());
    await line.until(() => line.retries.length > 5, 20_000);
    const asked = line.requests.length;
    await line.pass(1500);
    expect(line.requests.length - asked).toBeLessThanOrEqual(6);
    expect(line.retries.at(-1)?.attempt).toBeGreaterThan(2);
  });

  it('leaves a host in trouble alone although the Hub is not in trouble', async () => {
    const line = new Line(bytesThenBreak(0));
    line.scheduler.add(line.item());
    await line.pass(1000);
    // With waits of 100, 200, 400 ms … there is time for few; without them there would be hundreds.
    expect(line.requests.length).toBeGreaterThan(4);
    expect(line.requests.length).toBeLessThan(12);
    expect(line.retries.length).toBeLessThan(12);
  });

  it('asks the Hub for another URL when its host cannot be reached', async () => {
    const { pool, item, hub } = await world(well);
    const locate = vi.spyOn(hub, 'locate').mockResolvedValueOnce({ url: 'http://127.0.0.1:1/blob' });
    const blob = item();
    pool.add(blob);
    await blob.complete;
    expect(locate).toHaveBeenCalledTimes(2);
    expectContent(blob);
  });

  it('does not affect other hosts', async () => {
    const { pool, item, hostBackoff, hub, server } = await world((request, response, nth) => {
      if (request.headers.host?.startsWith('localhost')) request.socket.destroy();
      else well(request, response, nth);
    });
    const locate = vi.spyOn(hub, 'locate');
    locate.mockImplementationOnce(async () => ({ url: `${server.foreignOrigin}/blob` }));
    const [broken, good] = [item(), item()];
    pool.add(broken);
    pool.add(good);
    await good.complete;
    expectContent(good);
    expect(hostBackoff.isProbing(new URL(server.origin).host)).toBe(false);
  });

  it('gets a new URL when its URL is refused, once for all attempts and without a wait', async () => {
    const { pool, item, hub, retries, server } = await world((request, response, nth) => {
      if (request.url === '/old') response.writeHead(403).end('Request has expired');
      else well(request, response, nth);
    });
    const locate = vi.spyOn(hub, 'locate');
    locate.mockResolvedValueOnce({ url: `${server.origin}/old` });
    const blob = item();
    pool.add(blob);
    await blob.complete;
    expect(locate).toHaveBeenCalledTimes(2);
    expect(new Set(retries.map(({ delayMs }) => delayMs))).toEqual(new Set([0]));
    expectContent(blob);
  });

  it('ends the scheduler when fresh URLs are refused again and again, with the server’s reason', async () => {
    const { pool, item, fatal, hub } = await world((_, response) =>
      response.writeHead(403).end('AccessDenied by policy'),
    );
    const locate = vi.spyOn(hub, 'locate');
    pool.add(item());
    const error = await fatal;
    expect(error).toMatchObject({ retryable: false });
    expect(error.message).toContain('AccessDenied by policy');
    expect(locate).toHaveBeenCalledTimes(3);
  });
});

describe('an error that no retry fixes', () => {
  it.each([
    ['a file that is gone', 404, 'NotFound'],
    ['a request that is refused for good', 400, 'ServerError'],
  ])('%s ends all streams, once', async (_, status, code) => {
    const onFatal = vi.fn();
    const { pool, item, retries } = await world(
      (_request, response) => response.writeHead(status).end(),
      {},
      { onFatal },
    );
    pool.add(item());
    await vi.waitUntil(() => onFatal.mock.calls.length > 0, { timeout: 20_000 });
    await pool.stop();
    expect(onFatal).toHaveBeenCalledTimes(1);
    expect(onFatal.mock.calls[0]?.[0]).toMatchObject({ code });
    expect(retries).toEqual([]);
  });

  it('of the Hub ends them too', async () => {
    const { pool, item, fatal, hub } = await world(well);
    const locate = vi.spyOn(hub, 'locate');
    locate.mockRejectedValue(new AppError('Gated', 'Ask for access.'));
    pool.add(item());
    expect((await fatal).code).toBe('Gated');
  });

  it('of the disk ends them, and marks no byte that is not written', async () => {
    const { pool, item, fatal } = await world(paced(5 * MB));
    const blob = item();
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

  it('is a server that has a file of another size, after a few tries', async () => {
    const { pool, item, fatal, server } = await world((request, response) => {
      const [start, end] = rangeOf(request);
      response.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${CONTENT.length + 7}` });
      response.end(CONTENT.subarray(start, end));
    });
    const blob = item();
    const nagging = setInterval(() => pool.retryNow(), 20);
    pool.add(blob);
    expect(await fatal).toMatchObject({
      code: 'ServerError',
      retryable: true,
      details: { expectedBytes: CONTENT.length, storedBytes: CONTENT.length + 7 },
    });
    clearInterval(nagging);
    expect(server.requests.length).toBeLessThan(30);
    await pool.stop();
    expect(blob.disk.every((byte) => byte === 0)).toBe(true);
  });

  it('thrown by a listener ends the scheduler instead of the process', async () => {
    const onRetry = () => {
      throw new Error('listener');
    };
    const { pool, item, fatal } = await world((request) => request.socket.destroy(), {}, { onRetry });
    pool.add(item());
    expect((await fatal).code).toBe('Internal');
  });
});
