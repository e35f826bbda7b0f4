import { describe, expect, it } from 'vitest';
import { atOnce, bytesThenNothing, firstThen, Line, nothing, type Script, steady } from './test-line.ts';
import { CONTENT, expectContent, MB } from './test-scheduler.ts';

describe('silent attempts', () => {
  it.each([
    ['all streams of a fixed number', 2, { workers: 2 }],
    ['all that auto begins with', 4, { workers: undefined }],
    ['most of many', 8, { workers: 10 }],
  ])('are replaced long before they count as stalled: %s', async (_, count, options) => {
    const line = new Line(firstThen(count, nothing, steady(4 * MB)), options);
    const item = line.item(CONTENT.length, 500_000);
    line.scheduler.add(item);
    await line.untilComplete(item, 10_000);
    expectContent(item);
    expect(line.peak).toBeLessThanOrEqual(line.scheduler.wantedStreams + 2);
    expect(new Set(line.retries.map(({ error, delayMs }) => `${error.code} ${delayMs}`))).toEqual(
      new Set(['Stalled 0']),
    );
  });

  it('are redialed at once in the middle of the last work', async () => {
    const line = new Line(firstThen(1, bytesThenNothing(MB), atOnce), { workers: 2 });
    const item = line.item(CONTENT.length, CONTENT.length);
    line.scheduler.add(item);
    // A silent attempt is tolerated for longer than that while there is other work.
    await line.untilComplete(item, 4500);
    expectContent(item);
  });

  it('are not replaced where one stream was requested', async () => {
    const line = new Line(firstThen(1, nothing, atOnce), { profile: 'very-weak', workers: undefined });
    line.scheduler.add(line.item());
    await line.pass(9000);
    expect(line.requests).toHaveLength(1);
  });

  it('are followed by one probe on a link without traffic', async () => {
    const line = new Line(nothing, { workers: 6 });
    line.scheduler.add(line.item());
    await line.pass(12_000);
    expect(line.requests).toHaveLength(7);
    expect(line.scheduler.openStreams).toBe(7);
  });

  it('keep what they have when they wake up, and nothing is downloaded twice', async () => {
    const wakesUp: Script = (request, nth) => {
      if (nth <= 2) setTimeout(() => steady(2 * MB)(request, nth), 5400);
      else (nth === 3 ? nothing : atOnce)(request, nth);
    };
    const line = new Line(wakesUp, { workers: 2 });
    const item = line.item(CONTENT.length, CONTENT.length / 4);
    line.scheduler.add(item);
    await line.untilComplete(item, 20_000);
    expectContent(item);
    expect(line.peak).toBe(3);
    expect(line.retries).toEqual([]);
    expect(line.arrivedBytes).toBeLessThan(CONTENT.length * 1.02);
  });
});

describe('surplus attempts', () => {
  it('end with what they have, are not failures, and nothing is downloaded twice', async () => {
    // All attempts together get 2 MB/s: more than four gain nothing.
    const line: Line = new Line(
      steady(() => (2 * MB) / Math.max(1, line.openRequests)),
      { workers: undefined },
    );
    const item = line.item(CONTENT.length, MB);
    line.scheduler.add(item);
    await line.until(() => line.peak === 8, 5000);
    await line.until(() => line.scheduler.openStreams <= 4, 5000);
    await line.untilComplete(item, 20_000);
    expectContent(item);
    expect(line.retries).toEqual([]);
    expect(line.arrivedBytes).toBeLessThan(CONTENT.length * 1.02);
    expect(line.requests.length).toBeLessThan(30);
  });
});
