import { describe, expect, it, vi } from 'vitest';
import { mistakes } from './last-resort.ts';

describe('mistakes', () => {
  it('logs each one, and reports the first', () => {
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const tell = vi.fn();
    const take = mistakes({ log, tell });
    const first = new TypeError('first');
    take('Uncaught exception', first);
    take('Unhandled rejection', 'second');
    expect(log.error).toHaveBeenCalledTimes(2);
    expect(log.error.mock.calls[0]?.[0]).toContain('TypeError: first');
    expect(tell.mock.calls).toEqual([[first]]);
  });
});
