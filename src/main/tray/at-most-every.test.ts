import { describe, expect, it, vi } from 'vitest';
import { atMostEvery } from './at-most-every.ts';

function clock() {
  let now = 0;
  let due: { at: number; run: () => void } | null = null;
  return {
    timers: {
      now: () => now,
      after: (milliseconds: number, run: () => void) => {
        due = { at: now + milliseconds, run };
        return () => {
          due = null;
        };
      },
    },
    advance: (milliseconds: number) => {
      now += milliseconds;
      const { at, run } = due ?? { at: Number.POSITIVE_INFINITY, run: () => undefined };
      if (at > now) return;
      due = null;
      run();
    },
  };
}

describe('atMostEvery', () => {
  it('answers the first request at once and the following by one call', () => {
    const { timers, advance } = clock();
    const run = vi.fn();
    const coalesced = atMostEvery(500, run, timers);
    for (let i = 0; i < 5; i += 1) coalesced.request();
    expect(run).toHaveBeenCalledTimes(1);
    advance(499);
    expect(run).toHaveBeenCalledTimes(1);
    advance(1);
    expect(run).toHaveBeenCalledTimes(2);
    advance(5000);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('calls at once when it matters, and not again for earlier requests', () => {
    const { timers, advance } = clock();
    const run = vi.fn();
    const coalesced = atMostEvery(500, run, timers);
    coalesced.request();
    coalesced.request();
    coalesced.flush();
    expect(run).toHaveBeenCalledTimes(2);
    advance(1000);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('calls nothing after its end', () => {
    const { timers, advance } = clock();
    const run = vi.fn();
    const coalesced = atMostEvery(500, run, timers);
    coalesced.request();
    coalesced.request();
    coalesced.dispose();
    advance(1000);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
