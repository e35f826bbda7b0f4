import { describe, expect, it } from 'vitest';
import { addRest, addSpeed, createSpeedHistory, peakOf, recentSpeeds, untilNow } from './speed-history.ts';

function historyOf(samples: ReadonlyArray<readonly [number, number]>, capacity?: number) {
  const history = createSpeedHistory(capacity);
  for (const [at, speed] of samples) addSpeed(history, at, speed);
  return history;
}

describe('speed history', () => {
  it('gives samples back in the order of time', () => {
    const history = historyOf([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(recentSpeeds(history, 3)).toEqual([
      [1, 2, 3],
      [10, 20, 30],
    ]);
  });

  it('lets the oldest go when the ring is full', () => {
    const history = historyOf(
      [1, 2, 3, 4, 5].map((at) => [at, at * 10] as const),
      3,
    );
    expect(recentSpeeds(history, 5)).toEqual([
      [3, 4, 5],
      [30, 40, 50],
    ]);
  });

  it('keeps one sample a second, the newest', () => {
    const history = historyOf([
      [1.1, 10],
      [1.4, 15],
      [1.9, 20],
    ]);
    expect(recentSpeeds(history, 2)).toEqual([[1], [20]]);
  });

  it('leaves out what is older than the displayed time', () => {
    const history = historyOf([
      [1, 10],
      [100, 20],
    ]);
    expect(recentSpeeds(history, 100, 60)[0]).toEqual([100]);
  });

  it('is 0 since it ended', () => {
    expect(
      untilNow(
        [
          [1, 2],
          [10, 20],
        ],
        4,
      ),
    ).toEqual([
      [1, 2],
      [10, 20],
    ]);
    expect(
      untilNow(
        [
          [1, 2],
          [10, 20],
        ],
        60,
      ),
    ).toEqual([
      [1, 2, 3, 60],
      [10, 20, 0, 0],
    ]);
    expect(untilNow([[], []], 60)).toEqual([[], []]);
  });

  it('knows the peak', () => {
    expect(peakOf([3, 9, 4])).toBe(9);
    expect(peakOf([])).toBe(0);
  });
});

it('has a gap and no dip where it rested', () => {
  const history = createSpeedHistory();
  addSpeed(history, 10, 500);
  addRest(history, 11);
  const [times, speeds] = untilNow(recentSpeeds(history, 30), 30);
  expect([times, speeds]).toEqual([
    [10, 11, 30],
    [500, Number.NaN, Number.NaN],
  ]);
  expect(peakOf(speeds)).toBe(500);
});
