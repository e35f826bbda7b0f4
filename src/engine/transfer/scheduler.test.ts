import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { atOnce, firstThen, Line, nothing, type Script, steady } from './test-line.ts';
import {
  CONTENT,
  closeAll,
  expectContent,
  MB,
  type MemoryItem,
  paced,
  well,
  world,
} from './test-scheduler.ts';

afterEach(closeAll);

/** Expects every byte marked as received to equal the server's. */
function expectRightSoFar({ table, disk }: MemoryItem): void {
  for (const { start, end } of table.chunks.flatMap(({ received }) => [...received])) {
    expect(disk.subarray(start, end).equals(CONTENT.subarray(start, end))).toBe(true);
  }
}

describe('a scheduler over real connections', () => {
  it('downloads a complete item, with as many attempts as wanted and no byte twice', async () => {
    const onArrived = vi.fn();
    const { pool, item, peak, server } = await world(paced(4 * MB), {}, { onArrived });
    const blob = item();
    pool.add(blob);
    await blob.complete;
    expectContent(blob);
    expect(peak.open).toBe(4);
    expect(server.requests.length).toBeLessThan(14);
    const arrived = onArrived.mock.calls.reduce((sum, [bytes, unwanted]) => sum + bytes - unwanted, 0);
    expect(arrived).toBe(CONTENT.length);
  });

  it('reuses its connections', async () => {
    const sockets = new Set<unknown>();
    const { pool, item, server } = await world((request, response, nth) => {
      sockets.add(request.socket);
      well(request, response, nth);
    });
    const blob = item(8 * MB, 100_000);
    pool.add(blob);
    await blob.complete;
    expect(server.requests).toHaveLength(80);
    expect(sockets.size).toBeLessThanOrEqual(5);
  });
});

describe('a scheduler', () => {
  it('locates the bytes once, before it opens more than one attempt', async () => {
    const line = new Line(atOnce);
    const answer = Promise.withResolvers<void>();
    line.find.mockReturnValueOnce(answer.promise);
    const item = line.item();
    line.scheduler.add(item);
    await line.pass(1000);
    expect(line.scheduler.openStreams).toBe(1);
    answer.resolve();
    await line.untilComplete(item, 5000);
    expect(line.find).toHaveBeenCalledTimes(1);
  });

  it('downloads several items, the earlier ones first, and never opens more attempts than wanted', async () => {
    const line = new Line(steady(20 * MB), { workers: 2 });
    const order: string[] = [];
    const items = { first: line.item(), second: line.item(), late: line.item() };
    for (const [name, item] of Object.entries(items)) void item.complete.then(() => order.push(name));
    line.scheduler.add(items.first);
    line.scheduler.add(items.second);
    await line.pass(50);
    line.scheduler.add(items.late);
    await line.until(() => order.length === 3, 10_000);
    expect(order).toEqual(['first', 'second', 'late']);
    expect(line.peak).toBe(2);
    for (const item of Object.values(items)) expectContent(item);
  });

  it('removes an item only when everything that had arrived of it is written', async () => {
    const line = new Line(steady(2 * MB));
    const [gone, stays] = [line.item(), line.item()];
    const disk = Promise.withResolvers<void>();
    gone.diskReady = disk.promise;
    line.scheduler.add(gone);
    const hasBegun = () =>
      [...gone.table.activeClaims].some(({ position, start }) => position - start > 100_000);
    await line.until(hasBegun, 5000);
    const onRemoved = vi.fn();
    const removed = line.scheduler.remove(gone).then(onRemoved);
    line.scheduler.add(stays);
    await line.pass(5000);
    expect(onRemoved).not.toHaveBeenCalled();
    disk.resolve();
    await removed;
    const { receivedBytes } = gone.table;
    expect(receivedBytes).toBeGreaterThan(100_000);
    expect(gone.table.activeClaims.size).toBe(0);
    expectRightSoFar(gone);
    await line.untilComplete(stays, 20_000);
    expect(gone.table.receivedBytes).toBe(receivedBytes);
    expectContent(stays);
  });

  it('is silent and empty after it was stopped', async () => {
    const line = new Line(steady(MB));
    line.scheduler.add(line.item());
    await line.until(() => line.onArrived.mock.calls.length > 4, 5000);
    await line.scheduler.stop();
    const [arrived, asked] = [line.arrivedBytes, line.requests.length];
    line.scheduler.pump();
    line.scheduler.add(line.item());
    line.scheduler.retryNow();
    await line.pass(120_000);
    expect([line.arrivedBytes, line.requests.length]).toEqual([arrived, asked]);
    expect([line.scheduler.openStreams, line.retries.length]).toEqual([0, 0]);
  });

  it('rests when asked, with everything that had arrived written, and resumes when asked', async () => {
    const line = new Line(steady(2 * MB));
    const item = line.item();
    line.scheduler.add(item);
    await line.until(() => line.onArrived.mock.calls.length > 4, 5000);
    await line.scheduler.rest();
    const asked = line.requests.length;
    const { receivedBytes } = item.table;
    line.scheduler.pump();
    await line.pass(50_000);
    expect([line.scheduler.openStreams, line.requests.length]).toEqual([0, asked]);
    expectRightSoFar(item);
    expect(item.table.receivedBytes).toBe(receivedBytes);
    line.scheduler.retryNow();
    await line.untilComplete(item, 20_000);
    expectContent(item);
    expect(line.retries).toEqual([]);
  });

  it('resumes by itself after a minute of rest, in case no wake-up is reported', async () => {
    const line = new Line(steady(2 * MB));
    const item = line.item();
    line.scheduler.add(item);
    await line.pass(100);
    await line.scheduler.rest();
    await line.pass(59_000);
    expect(line.scheduler.openStreams).toBe(0);
    await line.untilComplete(item, 20_000);
  });

  it('can be stopped while the location of the bytes is still unknown', async () => {
    const line = new Line(atOnce);
    line.find.mockReturnValue(new Promise(() => undefined));
    line.scheduler.add(line.item());
    await line.pass(10);
    expect(line.scheduler.openStreams).toBe(1);
    await line.scheduler.stop();
    expect(line.scheduler.openStreams).toBe(0);
  });

  it('opens several attempts for small items even where fewer would be enough for large ones', async () => {
    const line = new Line(nothing, { workers: undefined });
    for (let count = 0; count < 40; count += 1) line.scheduler.add(line.item(100_000));
    await line.until(() => line.peak >= 32, 2000);
    await line.pass(500);
    expect(line.peak).toBe(32);
    expect(line.scheduler.wantedStreams).toBe(4);
  });
});

describe('at the tail', () => {
  it('idle attempts take work from a slow one, and the end comes sooner', async () => {
    const line = new Line(firstThen(1, steady(100_000), steady(8 * MB)));
    const item = line.item(CONTENT.length, 2 * MB);
    line.scheduler.add(item);
    // Alone, the slow attempt would have needed 20 s for its chunk.
    await line.untilComplete(item, 9000);
    expectContent(item);
    expect(line.requests.length).toBeGreaterThan(4);
    expect(line.retries).toEqual([]);
  });

  it('the last bytes of a dribbling attempt are fetched over a new connection', async () => {
    const line = new Line(firstThen(1, steady(50), steady(4 * MB)), { workers: 2 });
    const item = line.item();
    line.scheduler.add(item);
    await line.untilComplete(item, 12_000);
    expect(line.retries).toMatchObject([{ delayMs: 0, error: { code: 'Stalled' } }]);
    expectContent(item);
  });

  it('an attempt that never receives anything loses its work too, long before it counts as stalled', async () => {
    const line = new Line(firstThen(1, nothing, atOnce));
    const item = line.item(CONTENT.length, 2 * MB);
    line.scheduler.add(item);
    await line.untilComplete(item, 12_000);
    expect(line.requests.length).toBeGreaterThan(4);
    expectContent(item);
  });
});

describe('retrying now', () => {
  it('ends the waits, and redials where nothing comes', async () => {
    let isDown = true;
    const busy: Script = (request) => request.fail(new AppError('ServerError', 'Busy.'));
    const line = new Line((request, nth) => {
      if (!isDown) atOnce(request, nth);
      else if (nth > 1) busy(request, nth);
    });
    const item = line.item();
    line.scheduler.add(item);
    await line.until(() => line.retries.length > 0, 5000);
    await line.pass(3500);
    expect(line.scheduler.openStreams).toBe(1);
    isDown = false;
    line.scheduler.retryNow();
    await line.untilComplete(item, 1000);
    expectContent(item);
  });
});
