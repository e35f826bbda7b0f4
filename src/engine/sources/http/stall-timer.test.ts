import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StallTimer } from './stall-timer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function armed(timeoutMs: () => number) {
  const onStall = vi.fn();
  const timer = new StallTimer(timeoutMs, onStall);
  timer.arm();
  return { timer, onStall };
}

describe('the stall timer', () => {
  it('calls after the whole silence, once', () => {
    const { onStall } = armed(() => 30_000);
    vi.advanceTimersByTime(29_999);
    expect(onStall).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onStall).toHaveBeenCalledExactlyOnceWith(30_000);
    vi.advanceTimersByTime(100_000);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('counts from the last touch', () => {
    const { timer, onStall } = armed(() => 30_000);
    for (let touches = 0; touches < 10; touches += 1) {
      vi.advanceTimersByTime(29_000);
      timer.touch();
    }
    expect(onStall).not.toHaveBeenCalled();
    vi.advanceTimersByTime(30_000);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('does not count while it is suspended, and has no timer then', () => {
    const { timer, onStall } = armed(() => 30_000);
    vi.advanceTimersByTime(20_000);
    timer.suspend();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(3_600_000);
    timer.arm();
    vi.advanceTimersByTime(29_999);
    expect(onStall).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('waits longer as soon as the network turns out to be weak', () => {
    let timeoutMs = 30_000;
    const { onStall } = armed(() => timeoutMs);
    vi.advanceTimersByTime(29_000);
    timeoutMs = 60_000;
    vi.advanceTimersByTime(30_999);
    expect(onStall).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onStall).toHaveBeenCalledTimes(1);
  });
});
