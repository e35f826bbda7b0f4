import { describe, expect, it } from 'vitest';
import { pacer } from './pacer.ts';

const never = new AbortController().signal;

describe('pacer', () => {
  it('lets bytes pass at the limit, however late timers are', async () => {
    const limited = pacer(
      () => 1_000_000,
      () => performance.now(),
    );
    const startedAt = performance.now();
    for (let sent = 0; sent < 400_000; sent += limited.blockBytes)
      await limited.take(limited.blockBytes, never);
    const took = performance.now() - startedAt;
    expect(took).toBeGreaterThan(390);
    expect(took).toBeLessThan(700);
  });

  it('does not save up unused bandwidth', async () => {
    let now = 0;
    const limited = pacer(
      () => 1_000_000,
      () => now,
    );
    now = 60_000;
    const taking = limited.take(200_000, never);
    let done = false;
    void taking.then(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(done).toBe(false);
    now += 200;
    await taking;
  });

  it('lets everything pass without a limit', async () => {
    const free = pacer(
      () => null,
      () => 0,
    );
    await free.take(1e12, never);
    expect(free.blockBytes).toBeGreaterThan(100_000);
  });

  it('releases waiters when the signal is aborted', async () => {
    const stop = new AbortController();
    const taking = pacer(
      () => 1,
      () => 0,
    ).take(1e9, stop.signal);
    stop.abort();
    await taking;
  });

  it('gives the time of those who go away while they wait to those who stay', async () => {
    const limited = pacer(
      () => 1_000_000,
      () => performance.now(),
    );
    const cut = new AbortController();
    const startedAt = performance.now();
    const gone = Array.from({ length: 10 }, () => limited.take(400_000, cut.signal));
    const staying = limited.take(100_000, never);
    await new Promise((resolve) => setTimeout(resolve, 50));
    cut.abort();
    await Promise.all([...gone, staying]);
    const took = performance.now() - startedAt;
    expect(took).toBeGreaterThan(95);
    expect(took).toBeLessThan(2000);
  });
});
