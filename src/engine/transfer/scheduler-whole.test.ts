import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { RANGES_AGAIN_MS } from './range-support.ts';
import {
  type Answer,
  CONTENT,
  closeAll,
  dropAfter,
  expectContent,
  MB,
  well,
  world,
} from './test-scheduler.ts';

afterEach(closeAll);

/** Ignores the range and sends the whole file. */
const whole: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': CONTENT.length });
  response.end(CONTENT);
};

/** Sends the whole file up to that many bytes; then the connection drops. */
const wholeUntil =
  (bytes: number): Answer =>
  (request, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, bytes), () => setTimeout(() => request.socket.destroy(), 20));
  };

describe('a server that ignores ranges', () => {
  it('delivers a file of many chunks over one connection, and that is reported once', async () => {
    const { pool, item, server, single, retries } = await world(whole);
    const blob = item();
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(server.requests.length).toBeLessThanOrEqual(4); // Those already running when the host was found to ignore ranges.
    expect(single).toEqual([new URL(server.origin).host]);
    expect(retries).toEqual([]);
  });

  it('that begins to ignore them midway delivers the rest, and what is on disk is compared', async () => {
    const { pool, item, retries } = await world((request, response, nth) => {
      (nth <= 3 ? well : whole)(request, response, nth);
    });
    const blob = item();
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(blob.compared.length).toBeGreaterThan(0);
    expect(blob.compared.every(({ same }) => same)).toBe(true);
    expect(retries).toEqual([]);
  });

  it('resumes after a drop by skipping what is on disk, and nothing is written twice', async () => {
    const { pool, item, server, retries } = await world((request, response, nth) => {
      (nth === 1 ? dropAfter(3 * MB) : whole)(request, response, nth);
    });
    const blob = item(CONTENT.length, 8 * MB);
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(server.requests).toHaveLength(2);
    expect(retries).toHaveLength(1);
    expect(blob.compared.reduce((end, { position }) => Math.max(end, position), 0)).toBeLessThan(3 * MB);
  });

  it('that drops again and again gets no further and is left alone for longer and longer', async () => {
    const { pool, item, hostBackoff, server } = await world((request, response, nth) => {
      (nth === 1 ? dropAfter(3 * MB) : wholeUntil(2 * MB))(request, response, nth);
    });
    pool.add(item(CONTENT.length, 8 * MB));
    await expect.poll(() => hostBackoff.isProbing(new URL(server.origin).host)).toBe(true);
  });

  it('is asked for ranges again after a while, and delivers them to all attempts', async () => {
    const clock = { aheadMs: 0 };
    const now = () => performance.now() + clock.aheadMs;
    const first = Promise.withResolvers<void>();
    const stuck: Socket[] = [];
    const { pool, item, server, peak } = await world(
      (request, response, nth) => {
        if (clock.aheadMs > 0) {
          for (const socket of stuck) socket.destroy();
          return well(request, response, nth);
        }
        stuck.push(request.socket);
        response.writeHead(200, { 'content-length': CONTENT.length });
        response.write(CONTENT.subarray(0, MB));
        first.resolve();
      },
      {},
      { now },
    );
    const blob = item();
    pool.add(blob);
    await first.promise;
    await expect.poll(() => blob.table.receivedBytes).toBe(MB);
    await expect.poll(() => pool.openStreams).toBe(1);
    expect(server.requests.length).toBeLessThanOrEqual(4);
    clock.aheadMs = RANGES_AGAIN_MS;
    await blob.complete;
    expectContent(blob);
    expect(peak.open).toBeGreaterThan(1);
  });

  it('is not fetched from twice: a second attempt ends without a byte', async () => {
    const open = Promise.withResolvers<void>();
    const { pool, item, server } = await world((request, response, nth) => {
      if (nth === 4) open.resolve();
      void open.promise.then(() => whole(request, response, nth));
    });
    const blob = item();
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(server.requests).toHaveLength(4);
  });
});
