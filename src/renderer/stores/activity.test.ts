import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { NO_ACTIVITY, withEvent } from './activity.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const progress = (receivedBytes: number, seconds: number) =>
  ({ event: 'progress', receivedBytes, time: at(seconds) }) as EngineEvent;
const retry = (attempt: number, seconds: number) =>
  ({
    event: 'retry',
    attempt,
    code: 'Stalled',
    message: 'm',
    delayMs: 4000,
    time: at(seconds),
  }) as EngineEvent;

describe('withEvent', () => {
  it('remembers when the amount last grew', () => {
    const seen = [progress(5, 4), progress(10, 5), progress(10, 9)].reduce(withEvent, NO_ACTIVITY);
    expect(seen.lastByteAtMs).toBe(5000);
  });

  it('remembers the failed attempt and when the next one is due', () => {
    expect(withEvent(NO_ACTIVITY, retry(3, 5)).retry).toMatchObject({ attempt: 3, dueAtMs: 9000 });
  });

  it('forgets the failed attempt at the first byte', () => {
    expect([progress(0, 4), retry(3, 5), progress(1, 6)].reduce(withEvent, NO_ACTIVITY).retry).toBeNull();
  });

  it('does not count what was on disk before as received', () => {
    expect(withEvent(NO_ACTIVITY, progress(10, 5)).lastByteAtMs).toBeNull();
  });

  it('is the same object when nothing changed', () => {
    const grown = withEvent(NO_ACTIVITY, progress(10, 5));
    expect(withEvent(grown, progress(10, 6))).toBe(grown);
  });
});
