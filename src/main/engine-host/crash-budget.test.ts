import { describe, expect, it } from 'vitest';
import { ENGINE_CRASHES, judgeCrashes, withCrash } from './crash-budget.ts';

const judged = (...times: number[]) => judgeCrashes(times, ENGINE_CRASHES);

describe('judgeCrashes', () => {
  it('waits twice as long after each crash', () => {
    expect(judged(0)).toEqual({ do: 'restart', attempt: 1, delayMs: 500 });
    expect(judged(0, 1)).toEqual({ do: 'restart', attempt: 2, delayMs: 1000 });
    expect(judged(0, 1, 2, 3)).toEqual({ do: 'restart', attempt: 4, delayMs: 4000 });
  });

  it('gives up at the fifth crash', () => {
    expect(judged(0, 1, 2, 3, 4)).toEqual({ do: 'give-up' });
  });

  it('waits no longer than the longest delay', () => {
    const many = { ...ENGINE_CRASHES, crashes: 100 };
    expect(judgeCrashes(new Array(50).fill(0), many)).toMatchObject({ delayMs: 30_000 });
  });
});

describe('withCrash', () => {
  it('forgets crashes that are long ago', () => {
    const { withinMs } = ENGINE_CRASHES;
    expect(withCrash([0, 1000], withinMs, ENGINE_CRASHES)).toEqual([1000, withinMs]);
  });
});
