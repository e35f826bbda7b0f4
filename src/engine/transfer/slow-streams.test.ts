import { describe, expect, it } from 'vitest';
import { type AttemptPace, slowStreams } from './slow-streams.ts';

const KB = 1024;
const MINUTES_2 = 120_000;

function stream(kbPerSecond: number, windowKb: number, ageMs: number, silentMs = 0): AttemptPace {
  return { bytesPerSecond: kbPerSecond * KB, windowBytes: windowKb * KB, ageMs, silentMs };
}

const END = { usualBytesPerSecond: 1000 * KB, silentAfterMs: 5000 };

const good = () => stream(1000, 60_000, MINUTES_2);

describe('redialed attempts', () => {
  it.each<[string, AttemptPace[], number]>([
    ['none of several that are alike', [good(), good(), good()], 0],
    ['one far below the median of three', [good(), good(), stream(99, 500, 5000)], 1],
    ['none at a tenth of the median', [good(), good(), stream(101, 500, 5000)], 0],
    ['none that is younger than five seconds', [good(), good(), stream(0, 0, 4999)], 0],
    ['none of two by the median', [good(), stream(50, 5000, 60_000)], 0],
    ['one under the floor while the other moves', [good(), stream(2, 255, MINUTES_2)], 1],
    ['none at the floor', [good(), stream(2, 256, MINUTES_2)], 0],
    ['none under the floor before two minutes are over', [good(), stream(2, 200, MINUTES_2 - 1)], 0],
    ['none on a line that is weak as a whole', [stream(1, 120, MINUTES_2), stream(1, 110, MINUTES_2)], 0],
    ['a lone one that hardly drips', [stream(0, 15, MINUTES_2)], 1],
    ['no lone one that is slow', [stream(0.2, 17, MINUTES_2)], 0],
    ['all that hardly drip', [stream(0, 3, MINUTES_2), stream(0, 0, MINUTES_2), stream(0, 1, MINUTES_2)], 3],
    [
      'none while nothing moves anywhere yet',
      [stream(0, 0, 9000), stream(0, 0, 9000), stream(0, 0, 9000)],
      0,
    ],
    ['none that is silent while there is other work', [stream(900, 2000, 4000, 4000)], 0],
    ['none of none', [], 0],
  ])('are %s', (_, streams, count) => {
    const slow = slowStreams(streams, null);
    expect(slow).toHaveLength(count);
    for (const each of slow) expect(each.bytesPerSecond).toBeLessThan(500 * KB);
  });

  it.each<[string, AttemptPace[], number]>([
    ['one alone that dribbles', [stream(99, 200, 2000)], 1],
    ['none that is as fast as a stream usually is', [stream(101, 500, 5000)], 0],
    ['none that had no time yet', [stream(99, 198, 1999)], 0],
    ['none whose server had no time for an answer', [stream(0, 0, 4999)], 0],
    ['one whose server had time for an answer', [stream(0, 0, 5000)], 1],
    ['one that stopped in the middle', [stream(900, 2000, 4000, 2000)], 1],
    ['none that pauses for a moment', [stream(900, 2000, 4000, 1999)], 0],
    ['none that waits for its first byte', [stream(0, 0, 4000, 4000)], 0],
  ])('are, at the end of the work, %s', (_, streams, count) => {
    expect(slowStreams(streams, END)).toHaveLength(count);
  });
});
