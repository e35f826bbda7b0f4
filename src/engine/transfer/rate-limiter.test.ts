import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RateLimiter } from './rate-limiter.ts';

const KB = 1000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A reader that always has `readBytes` more to take. Returns what it has taken so far. */
function read(limiter: RateLimiter, readBytes: number): { bytes: number } {
  const taken = { bytes: 0 };
  const loop = async () => {
    for (;;) {
      taken.bytes += readBytes;
      await limiter.take(readBytes);
      // Without a limit, the simulated network itself takes time.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  void loop();
  return taken;
}

const total = (streams: readonly { bytes: number }[]) => streams.reduce((sum, { bytes }) => sum + bytes, 0);

describe('the rate limiter', () => {
  it('lets everything through without a limit', () => {
    expect(new RateLimiter(Date.now).take(1e9)).toBeUndefined();
  });

  it.each([
    [50 * KB, 1, 1 * KB],
    [300 * KB, 4, 16 * KB],
    [5000 * KB, 10, 64 * KB],
  ])('holds %i bytes per second within ten percent, with %i streams', async (rate, streams, readBytes) => {
    const limiter = new RateLimiter(Date.now);
    limiter.setRate(rate);
    const readers = Array.from({ length: streams }, () => read(limiter, readBytes));
    await vi.advanceTimersByTimeAsync(2000);
    const before = total(readers);
    await vi.advanceTimersByTimeAsync(20_000);
    const measured = (total(readers) - before) / 20;
    expect(measured / rate).toBeGreaterThan(0.9);
    expect(measured / rate).toBeLessThan(1.1);
  });

  it('responds at once when the limit is raised or removed', async () => {
    const limiter = new RateLimiter(Date.now);
    limiter.setRate(1 * KB);
    let allowed = false;
    void limiter.take(3600 * KB)?.then(() => {
      allowed = true;
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(allowed).toBe(false);
    limiter.setRate(null);
    await vi.advanceTimersByTimeAsync(0);
    expect(allowed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('holds the new rate after a change in either direction', async () => {
    const limiter = new RateLimiter(Date.now);
    const readers = [read(limiter, 10 * KB), read(limiter, 10 * KB)];
    for (const rate of [2000 * KB, 200 * KB, 1000 * KB]) {
      limiter.setRate(rate);
      await vi.advanceTimersByTimeAsync(1000);
      const before = total(readers);
      await vi.advanceTimersByTimeAsync(10_000);
      const measured = (total(readers) - before) / 10;
      expect(Math.abs(measured / rate - 1)).toBeLessThan(0.1);
    }
  });

  it('does not save up more than a short burst while nothing is read', async () => {
    const limiter = new RateLimiter(Date.now);
    limiter.setRate(100 * KB);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(limiter.take(25 * KB)).toBeUndefined();
    expect(limiter.take(1 * KB)).toBeInstanceOf(Promise);
  });
});
