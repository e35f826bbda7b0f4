import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  type Answer,
  CONTENT,
  closeAll,
  expectContent,
  MB,
  paced,
  silent,
  stopAfter,
  well,
  world,
} from './test-scheduler.ts';

afterAll(closeAll);

/** The first requests get their headers and nothing more. */
const silentFirst =
  (count: number, then: Answer): Answer =>
  (request, response, nth) =>
    (nth <= count ? silent : then)(request, response, nth);

// The tests of this file wait for the same silences.
describe.concurrent('streams that fall silent', { timeout: 30_000 }, () => {
  it.each([
    ['all streams of a fixed number', 2, { workers: 2 }],
    ['all that auto begins with', 4, { workers: undefined }],
    ['most of many', 8, { workers: 10 }],
  ])('are replaced long before they count as stalled: %s', async (_, count, options) => {
    const { pool, source, peak, retries } = await world(silentFirst(count, paced(4 * MB)), options);
    const blob = source(CONTENT.length, 500_000);
    const started = performance.now();
    pool.add(blob);
    await blob.complete;
    expect(performance.now() - started).toBeLessThan(10_000);
    expectContent(blob);
    expect(peak.open).toBeLessThanOrEqual(pool.wantedStreams + 2);
    expect(new Set(retries.map(({ error, delayMs }) => `${error.code} ${delayMs}`))).toEqual(
      new Set(['Stalled 0']),
    );
  });

  it('in the middle of the last work are dialled again at once', async () => {
    const answer: Answer = (request, response, nth) =>
      (nth === 1 ? stopAfter(MB) : well)(request, response, nth);
    const { pool, source } = await world(answer, { workers: 2 });
    const blob = source(CONTENT.length, CONTENT.length);
    const started = performance.now();
    pool.add(blob);
    await blob.complete;
    // A stream that is silent while there is other work is waited for longer than that.
    expect(performance.now() - started).toBeLessThan(4500);
    expectContent(blob);
  });

  it('are not replaced where one stream was asked for', async () => {
    const { pool, source, server } = await world(silentFirst(1, well), {
      profile: 'very-weak',
      workers: undefined,
    });
    pool.add(source());
    await sleep(9000);
    expect(server.requests).toHaveLength(1);
  });

  it('are followed by one probe where nothing moves at all', async () => {
    const { pool, source, server } = await world(silent, { workers: 6 });
    pool.add(source());
    await sleep(12_000);
    expect(server.requests).toHaveLength(7);
    expect(pool.openStreams).toBe(7);
  });

  it('keep what they have when they wake up, and nothing comes twice', async () => {
    const onArrived = vi.fn();
    const wakesUp: Answer = (request, response, nth) => {
      if (nth <= 2) setTimeout(() => paced(2 * MB)(request, response, nth), 5400);
      else (nth === 3 ? silent : well)(request, response, nth);
    };
    const { pool, source, retries, peak } = await world(wakesUp, { workers: 2 }, { onArrived });
    const blob = source(CONTENT.length, CONTENT.length / 4);
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(peak.open).toBe(3);
    expect(retries.map(({ error }) => error.code)).toEqual([]);
    const arrived = onArrived.mock.calls.reduce((sum, [bytes]) => sum + bytes, 0);
    expect(arrived).toBeLessThan(CONTENT.length * 1.02);
  });
});

describe('streams that are no longer wanted', () => {
  it('leave with what they have, are no failures, and nothing comes twice', async () => {
    const onArrived = vi.fn();
    // All streams together get 2 MB/s: more than four bring nothing.
    const open = new Set<unknown>();
    const shared: Answer = (request, response, nth) => {
      open.add(response);
      response.on('close', () => open.delete(response));
      paced(() => (2 * MB) / Math.max(1, open.size))(request, response, nth);
    };
    const { pool, source, peak, retries, server } = await world(
      shared,
      { workers: undefined },
      { onArrived },
    );
    const blob = source(CONTENT.length, MB);
    pool.add(blob);
    await vi.waitUntil(() => peak.open === 8, { timeout: 5000 });
    await vi.waitUntil(() => pool.openStreams <= 4, { timeout: 5000 });
    await blob.complete;
    expectContent(blob);
    expect(retries.map(({ error }) => error.code)).toEqual([]);
    const arrived = onArrived.mock.calls.reduce((sum, [bytes]) => sum + bytes, 0);
    expect(arrived).toBeLessThan(CONTENT.length * 1.02);
    expect(server.requests.length).toBeLessThan(30);
  });
});
